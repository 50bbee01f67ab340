package dev.unroot.registry.cache;

import dev.unroot.registry.cache.LookupQueue.QueuedLookup;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lookups in line, in one line for each namespace: whoever asks for much waits for it, and nobody else. Not thread-safe.
 */
final class FairQueue {
    private final int most;
    /** None is empty; the one that was served last is last. */
    private final Map<String, Deque<QueuedLookup>> byNamespace = new LinkedHashMap<>();

    private int size;

    /** @param most in all lines together */
    FairQueue(int most) {
        this.most = most;
    }

    int size() {
        return size;
    }

    /** @return the one that has to leave where it is full, the youngest of the longest line; the newcomer too may be that */
    @Nullable
    QueuedLookup add(QueuedLookup lookup) {
        QueuedLookup displaced = null;
        if (size >= most) {
            Deque<QueuedLookup> longest = longest();
            Deque<QueuedLookup> own = byNamespace.get(lookup.namespace());
            if (longest == null || longest.size() <= (own == null ? 0 : own.size()) + 1) {
                return lookup;
            }
            displaced = longest.getLast();
            remove(displaced);
        }
        byNamespace
                .computeIfAbsent(lookup.namespace(), fresh -> new ArrayDeque<>())
                .add(lookup);
        size++;
        return displaced;
    }

    private @Nullable Deque<QueuedLookup> longest() {
        Deque<QueuedLookup> longest = null;
        for (Deque<QueuedLookup> line : byNamespace.values()) {
            if (longest == null || line.size() > longest.size()) {
                longest = line;
            }
        }
        return longest;
    }

    boolean contains(QueuedLookup lookup) {
        Deque<QueuedLookup> line = byNamespace.get(lookup.namespace());
        return line != null && line.contains(lookup);
    }

    void remove(QueuedLookup lookup) {
        Deque<QueuedLookup> line = byNamespace.get(lookup.namespace());
        if (line != null && line.remove(lookup)) {
            size--;
            if (line.isEmpty()) {
                byNamespace.remove(lookup.namespace());
            }
        }
    }

    /**
     * Takes the oldest that may begin of the namespace that has the fewest under way; of several, the one that was served
     * longest ago.
     *
     * @param running how many a namespace has under way
     */
    @Nullable
    QueuedLookup take(Predicate<QueuedLookup> mayBegin, ToIntFunction<String> running) {
        QueuedLookup next = null;
        int fewest = Integer.MAX_VALUE;
        for (Map.Entry<String, Deque<QueuedLookup>> line : byNamespace.entrySet()) {
            int count = running.applyAsInt(line.getKey());
            QueuedLookup first = count < fewest ? first(line.getValue(), mayBegin) : null;
            if (first != null) {
                next = first;
                fewest = count;
            }
        }
        if (next != null) {
            remove(next);
            Deque<QueuedLookup> rest = byNamespace.remove(next.namespace());
            if (rest != null) {
                byNamespace.put(next.namespace(), rest);
            }
        }
        return next;
    }

    private static @Nullable QueuedLookup first(Deque<QueuedLookup> line, Predicate<QueuedLookup> key) {
        for (QueuedLookup lookup : line) {
            if (key.test(lookup)) {
                return lookup;
            }
        }
        return null;
    }

    boolean anyMatch(Predicate<QueuedLookup> key) {
        return byNamespace.values().stream().anyMatch(line -> first(line, key) != null);
    }
}
