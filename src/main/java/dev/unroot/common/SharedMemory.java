package dev.unroot.common;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Memory that many take from, counted in bytes. Who finds no room waits: whoever comes first is served first, or many small
 * ones would keep a large one out. One party has no more than half of what the others leave, but for the owner that has held
 * some of it for the longest, who may have all there is room for: so nobody who is slow holds up all others, nobody who waits for a
 * place of their own party holds up another, and of several owners that hold a part and want more one always goes on.
 */
public final class SharedMemory {
    private static final long PATIENCE_MILLIS = 20;

    /** By party, what each owner holds, in the order in which they came to hold some. */
    private final Map<String, Map<Owner, Long>> held = new HashMap<>();

    private final Set<Wait> line = new LinkedHashSet<>();
    private final long most;
    private long taken;

    /** Whoever it is, by identity. */
    private record Owner(Object who) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Owner owner && owner.who == who;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(who);
        }
    }

    /** Compared by identity. */
    private static final class Wait {
        private final Share share;
        private final long bytes;

        Wait(Share share, long bytes) {
            this.share = share;
            this.bytes = bytes;
        }
    }

    /** @param most bytes in all */
    public SharedMemory(long most) {
        this.most = most;
    }

    /** Bytes in all. */
    public long most() {
        return most;
    }

    /** Bytes taken now. */
    public synchronized long taken() {
        return taken;
    }

    /**
     * What one taker has, until it is closed. For one thread at a time.
     *
     * @param owner compared by identity: whoever has several shares does not wait for their own
     */
    public Share share(String party, Object owner, Waiting waiting) {
        return new Share(party, owner, waiting);
    }

    /** What one taker has. */
    public final class Share implements AutoCloseable {
        private final String party;
        private final Owner owner;
        private final Waiting waiting;
        private long bytes;

        private Share(String party, Object owner, Waiting waiting) {
            this.party = party;
            this.owner = new Owner(owner);
            this.waiting = waiting;
        }

        /**
         * Has so many bytes in all when it returns.
         *
         * @throws IllegalArgumentException where that is more than there are
         */
        public void grow(long wanted) {
            if (wanted > most) {
                throw new IllegalArgumentException(wanted + " of " + most + " bytes");
            }
            if (wanted > bytes) {
                await(new Wait(this, wanted - bytes), waiting);
                bytes = wanted;
            }
        }

        @Override
        public void close() {
            give(this, bytes);
            bytes = 0;
        }
    }

    private void await(Wait wait, Waiting waiting) {
        enter(wait);
        try {
            while (!tryTake(wait)) {
                waiting.during(SharedMemory::sleep);
            }
        } finally {
            leave(wait);
        }
    }

    private synchronized void enter(Wait wait) {
        line.add(wait);
    }

    private synchronized void leave(Wait wait) {
        line.remove(wait);
    }

    private synchronized boolean tryTake(Wait wait) {
        for (Wait before : line) {
            if (before == wait) {
                break;
            }
            if (isFair(before)) {
                return false;
            }
        }
        if (!isFair(wait) || taken + wait.bytes > most) {
            return false;
        }
        taken += wait.bytes;
        held.computeIfAbsent(wait.share.party, party -> new LinkedHashMap<>())
                .merge(wait.share.owner, wait.bytes, Long::sum);
        return true;
    }

    private boolean isFair(Wait wait) {
        Map<Owner, Long> party = held.getOrDefault(wait.share.party, Map.of());
        if (party.isEmpty() || party.keySet().iterator().next().equals(wait.share.owner)) {
            return true;
        }
        long before = party.values().stream().mapToLong(Long::longValue).sum();
        return 2 * (before + wait.bytes) <= most - (taken - before);
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void give(Share share, long bytes) {
        Map<Owner, Long> party = held.get(share.party);
        if (party == null || bytes == 0) {
            return;
        }
        taken -= bytes;
        party.computeIfPresent(share.owner, (owner, had) -> had == bytes ? null : Long.valueOf(had - bytes));
        if (party.isEmpty()) {
            held.remove(share.party);
        }
    }
}
