package dev.unroot.registry.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Starts lookups, as many at once as there may be in all, for one registry and for one namespace; blocks nobody. Next is
 * always the oldest of the namespace that has the fewest under way, and a line that is full loses the youngest of the
 * namespace that fills it most: whoever asks for much waits for it, and nobody else. One that nobody waits for any more
 * goes on, but gives way to one that somebody waits for.
 */
final class LookupQueue {
    private final int atOnce;
    private final int perRegistry;
    private final int perNamespace;
    private final FairQueue waiting;
    private final Set<QueuedLookup> running = new LinkedHashSet<>();
    /** Of those that run, the ones that have been cancelled to make room. */
    private final Set<QueuedLookup> yielding = new HashSet<>();

    private final Tally runningByRegistry = new Tally();
    private final Tally runningByNamespace = new Tally();
    private final Deque<QueuedLookup> ready = new ArrayDeque<>();
    private boolean starting;

    interface QueuedLookup {
        String registry();

        /** Whose pods asked first. */
        String namespace();

        /** There is no room for it in line: it will never begin. */
        void turnAway();

        /** Begins it, and does not throw; its stage's end makes room for the next. */
        CompletionStage<?> start();

        boolean isWanted();

        /**
         * Has it end soon, unless somebody waits for it.
         *
         * @return false where somebody does, or it has been cancelled before
         */
        boolean cancel();
    }

    LookupQueue(int atOnce, int perRegistry, int mostWaiting) {
        this.atOnce = atOnce;
        this.perRegistry = perRegistry;
        // Half, so that no single namespace takes every place; but never less than one registry may have at once.
        this.perNamespace = Math.max(perRegistry, atOnce / 2);
        this.waiting = new FairQueue(mostWaiting);
    }

    /** Begins it at once or when it is its turn; or turns it away, or another one in its favour. */
    void offer(QueuedLookup lookup) {
        QueuedLookup tooMany = null;
        synchronized (this) {
            if (hasRoom(lookup)) {
                admit(lookup);
            } else {
                tooMany = waiting.add(lookup);
            }
        }
        if (tooMany != null) {
            tooMany.turnAway();
        }
        startReady();
        makeRoom();
    }

    /** Nobody waits for it any more: it does not begin, or gives way. */
    void abandoned(QueuedLookup lookup) {
        synchronized (this) {
            if (waiting.contains(lookup) && lookup.cancel()) {
                waiting.remove(lookup);
            }
        }
        makeRoom();
    }

    /** Cancels what nobody waits for where somebody waits for its place, one for one and the oldest first. */
    private void makeRoom() {
        QueuedLookup lookup = nextInTheWay();
        while (lookup != null) {
            if (!lookup.cancel()) {
                synchronized (this) {
                    yielding.remove(lookup);
                }
            }
            lookup = nextInTheWay();
        }
    }

    private synchronized @Nullable QueuedLookup nextInTheWay() {
        if (yielding.size() >= waiting.size()) {
            return null;
        }
        for (QueuedLookup lookup : running) {
            if (!lookup.isWanted()
                    && !yielding.contains(lookup)
                    && waiting.anyMatch(other -> isInTheWay(lookup, other))) {
                yielding.add(lookup);
                return lookup;
            }
        }
        return null;
    }

    /** Whether the other could begin in its place. */
    private boolean isInTheWay(QueuedLookup lookup, QueuedLookup other) {
        int ofRegistry = lookup.registry().equals(other.registry()) ? 1 : 0;
        int ofNamespace = lookup.namespace().equals(other.namespace()) ? 1 : 0;
        return runningByRegistry.of(other.registry()) - ofRegistry < perRegistry
                && runningByNamespace.of(other.namespace()) - ofNamespace < perNamespace;
    }

    /** One after the other, and never one within another: lookups that end at once would pile up on the stack. */
    private void startReady() {
        while (true) {
            QueuedLookup lookup;
            synchronized (this) {
                lookup = starting ? null : ready.poll();
                if (lookup == null) {
                    return;
                }
                starting = true;
            }
            try {
                lookup.start().whenComplete((result, failure) -> finished(lookup));
            } finally {
                synchronized (this) {
                    starting = false;
                }
            }
        }
    }

    private void finished(QueuedLookup lookup) {
        synchronized (this) {
            running.remove(lookup);
            yielding.remove(lookup);
            count(lookup, -1);
            // One that ended makes room for one.
            QueuedLookup next = waiting.take(this::hasRoom, runningByNamespace::of);
            if (next != null) {
                admit(next);
            }
        }
        startReady();
        makeRoom();
    }

    private void admit(QueuedLookup lookup) {
        running.add(lookup);
        count(lookup, 1);
        ready.add(lookup);
    }

    private boolean hasRoom(QueuedLookup lookup) {
        return running.size() < atOnce
                && runningByRegistry.of(lookup.registry()) < perRegistry
                && runningByNamespace.of(lookup.namespace()) < perNamespace;
    }

    private void count(QueuedLookup lookup, int change) {
        runningByRegistry.add(lookup.registry(), change);
        runningByNamespace.add(lookup.namespace(), change);
    }

    /** How many of each; none are not kept. */
    private static final class Tally {
        private final Map<String, Integer> counts = new HashMap<>();

        int of(String name) {
            return counts.getOrDefault(name, 0);
        }

        void add(String name, int change) {
            counts.merge(name, change, (before, more) -> before + more == 0 ? null : before + more);
        }
    }
}
