package dev.unroot.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Remembers objects of one kind that were read by name: one request for all who ask at the same time, none while an
 * outcome holds. While the API server gives no word, what was read within the last hour still answers.
 */
final class ObjectCache<V> {
    private static final Duration STALE = Duration.ofHours(1);
    /** What an entry costs beside its value, in characters: names, and the tables around them. */
    private static final int ENTRY = 500;
    /** In characters, so about as many bytes. */
    private static final long MOST_REMEMBERED = 16 << 20;
    /** More than any burst of pods needs; an API server has better things to do than to serve us alone. */
    private static final int MOST_AT_ONCE = 64;

    /** An object's place; both parts checked, for they become part of an address. */
    record Key(String namespace, String name) {
        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }

    private record Remembered<V>(ReadResult<V> outcome, long readAt, long holdsUntil) {}

    private final String kind;
    private final Function<Key, CompletableFuture<ReadResult<V>>> reader;
    private final Ticker clock;
    private final Cache<Key, Remembered<V>> memory;
    private final ConcurrentMap<Key, CompletableFuture<ReadResult<V>>> flights = new ConcurrentHashMap<>();

    /**
     * @param kind for messages: {@code Secret}
     * @param reader reads one; what it returns never fails
     * @param weight of a value, in characters
     */
    ObjectCache(
            String kind,
            Function<Key, CompletableFuture<ReadResult<V>>> reader,
            ToIntFunction<V> weight,
            Ticker clock) {
        this.kind = kind;
        this.reader = reader;
        this.clock = clock;
        this.memory = Caffeine.newBuilder()
                .expireAfterWrite(STALE)
                .ticker(clock)
                .executor(Runnable::run)
                .maximumWeight(MOST_REMEMBERED)
                .<Key, Remembered<V>>weigher((key, entry) -> ENTRY
                        + (entry.outcome() instanceof ReadResult.Known<V> known ? weight.applyAsInt(known.value()) : 0))
                .build();
    }

    /** Never fails. Complete already where memory answered; with a deadline that is over, only memory does. */
    CompletableFuture<ReadResult<V>> find(Key key, Deadline deadline) {
        Remembered<V> remembered = memory.getIfPresent(key);
        if (remembered != null && clock.read() - remembered.holdsUntil() < 0) {
            return CompletableFuture.completedFuture(remembered.outcome());
        }
        if (deadline.isOver()) {
            return CompletableFuture.completedFuture(orStale(key, late(key)));
        }
        CompletableFuture<ReadResult<V>> flight = flight(key);
        if (flight.isDone()) {
            return flight.copy();
        }
        // A copy: others may wait for the same, and this one's patience is not theirs.
        return flight.copy()
                .completeOnTimeout(orStale(key, late(key)), deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }

    private CompletableFuture<ReadResult<V>> flight(Key key) {
        if (flights.size() >= MOST_AT_ONCE && !flights.containsKey(key)) {
            ReadResult<V> crowded = new ReadResult.Failed<>(
                    kind + " " + key + " was not read, since " + MOST_AT_ONCE + " others are being read");
            return CompletableFuture.completedFuture(orStale(key, crowded));
        }
        CompletableFuture<ReadResult<V>> mine = new CompletableFuture<>();
        CompletableFuture<ReadResult<V>> other = flights.putIfAbsent(key, mine);
        if (other != null) {
            return other;
        }
        // Another flight may have landed between the look into memory and the start of this one.
        Remembered<V> remembered = memory.getIfPresent(key);
        if (remembered != null && clock.read() - remembered.holdsUntil() < 0) {
            land(key, mine, remembered.outcome());
        } else {
            reader.apply(key).thenAccept(outcome -> land(key, mine, learn(key, outcome)));
        }
        return mine;
    }

    private void land(Key key, CompletableFuture<ReadResult<V>> flight, ReadResult<V> outcome) {
        flights.remove(key, flight);
        flight.complete(outcome);
    }

    private ReadResult<V> learn(Key key, ReadResult<V> outcome) {
        ReadResult<V> best = orStale(key, outcome);
        Remembered<V> before = memory.getIfPresent(key);
        long now = clock.read();
        long readAt = before != null && best != outcome ? before.readAt() : now;
        memory.put(key, new Remembered<>(best, readAt, now + outcome.holds().toNanos()));
        return best;
    }

    /** What was known before, where the API server gave no word and that is not too long ago. */
    private ReadResult<V> orStale(Key key, ReadResult<V> outcome) {
        Remembered<V> before = memory.getIfPresent(key);
        return outcome instanceof ReadResult.Failed
                        && before != null
                        && before.outcome() instanceof ReadResult.Known
                        && clock.read() - before.readAt() < STALE.toNanos()
                ? before.outcome()
                : outcome;
    }

    private ReadResult<V> late(Key key) {
        return new ReadResult.Failed<>(kind + " " + key + " could not be read in time: the API server did not answer");
    }
}
