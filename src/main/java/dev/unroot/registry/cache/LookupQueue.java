package dev.unroot.registry.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Starts lookups in order, as many at once as there may be in all and for one registry; blocks nobody. */
final class LookupQueue {
    private final int atOnce;
    private final int perRegistry;
    private final int mostWaiting;
    private final Deque<Lookup> waiting = new ArrayDeque<>();
    private final Map<String, Integer> running = new HashMap<>();
    private final Deque<Lookup> ready = new ArrayDeque<>();
    private int total;
    private boolean starting;

    private record Lookup(String registry, Supplier<CompletionStage<?>> start) {}

    LookupQueue(int atOnce, int perRegistry, int mostWaiting) {
        this.atOnce = atOnce;
        this.perRegistry = perRegistry;
        this.mostWaiting = mostWaiting;
    }

    /**
     * @param start begins the lookup, now or later, and does not throw; its stage's end makes room for the next
     * @return false where there is no room in line: it will never start
     */
    boolean offer(String registry, Supplier<CompletionStage<?>> start) {
        Lookup lookup = new Lookup(registry, start);
        synchronized (this) {
            if (!hasRoom(registry)) {
                return waiting.size() < mostWaiting && waiting.add(lookup);
            }
            admit(lookup);
        }
        startReady();
        return true;
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
                lookup.start().get().whenComplete((result, failure) -> finished(lookup));
            } finally {
                synchronized (this) {
                    starting = false;
                }
            }
        }
    }

    private void finished(Lookup lookup) {
        synchronized (this) {
            count(lookup.registry(), -1);
            Lookup next = takeNext();
            if (next != null) {
                admit(next);
            }
        }
        startReady();
    }

    private void admit(Lookup lookup) {
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
        return total < atOnce && running.getOrDefault(registry, 0) < perRegistry;
    }

    private void count(String registry, int change) {
        total += change;
        running.merge(registry, change, (before, more) -> before + more == 0 ? null : before + more);
    }
}
