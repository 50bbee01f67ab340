package dev.unroot.registry.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Starts lookups in order, as many at once as there may be in all and for one registry; blocks nobody. One that nobody
 * waits for any more goes on, but gives way to one that somebody waits for.
 */
final class LookupQueue {
    private final int atOnce;
    private final int perRegistry;
    private final int mostWaiting;
    private final Deque<Lookup> waiting = new ArrayDeque<>();
    private final Set<Lookup> running = new LinkedHashSet<>();
    /** Of those that run, the ones that have been cancelled to make room. */
    private final Set<Lookup> yielding = new HashSet<>();

    private final Map<String, Integer> runningByRegistry = new HashMap<>();
    private final Deque<Lookup> ready = new ArrayDeque<>();
    private boolean starting;

    interface Lookup {
        String registry();

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
        this.mostWaiting = mostWaiting;
    }

    /** @return false where there is no room in line: it will never start */
    boolean offer(Lookup lookup) {
        synchronized (this) {
            if (hasRoom(lookup.registry())) {
                admit(lookup);
            } else if (waiting.size() < mostWaiting) {
                waiting.add(lookup);
            } else {
                return false;
            }
        }
        startReady();
        makeRoom();
        return true;
    }

    /** Nobody waits for it any more: it does not begin, or gives way. */
    void abandoned(Lookup lookup) {
        synchronized (this) {
            if (waiting.contains(lookup) && lookup.cancel()) {
                waiting.remove(lookup);
            }
        }
        makeRoom();
    }

    /** Cancels what nobody waits for where somebody waits for its place, one for one and the oldest first. */
    private void makeRoom() {
        Lookup lookup = nextInTheWay();
        while (lookup != null) {
            if (!lookup.cancel()) {
                synchronized (this) {
                    yielding.remove(lookup);
                }
            }
            lookup = nextInTheWay();
        }
    }

    private synchronized @Nullable Lookup nextInTheWay() {
        if (yielding.size() >= waiting.size()) {
            return null;
        }
        for (Lookup lookup : running) {
            if (!lookup.isWanted()
                    && !yielding.contains(lookup)
                    && waiting.stream().anyMatch(other -> isInTheWay(lookup, other))) {
                yielding.add(lookup);
                return lookup;
            }
        }
        return null;
    }

    private boolean isInTheWay(Lookup lookup, Lookup other) {
        return lookup.registry().equals(other.registry())
                || runningByRegistry.getOrDefault(other.registry(), 0) < perRegistry;
    }

    /** One after the other, and never one within another: lookups that end at once would pile up on the stack. */
    private void startReady() {
        while (true) {
            Lookup lookup;
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

    private void finished(Lookup lookup) {
        synchronized (this) {
            running.remove(lookup);
            yielding.remove(lookup);
            count(lookup.registry(), -1);
            Lookup next = takeNext();
            if (next != null) {
                admit(next);
            }
        }
        startReady();
        makeRoom();
    }

    private void admit(Lookup lookup) {
        running.add(lookup);
        count(lookup.registry(), 1);
        ready.add(lookup);
    }

    /** One that ended makes room for one. */
    private @Nullable Lookup takeNext() {
        for (Iterator<Lookup> line = waiting.iterator(); line.hasNext(); ) {
            Lookup lookup = line.next();
            if (hasRoom(lookup.registry())) {
                line.remove();
                return lookup;
            }
        }
        return null;
    }

    private boolean hasRoom(String registry) {
        return running.size() < atOnce && runningByRegistry.getOrDefault(registry, 0) < perRegistry;
    }

    private void count(String registry, int change) {
        runningByRegistry.merge(registry, change, (before, more) -> before + more == 0 ? null : before + more);
    }
}
