package dev.unroot.common;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Memory that many take from, counted in bytes. Who finds no room waits: whoever comes first is served first, or many small
 * ones would keep a large one out. Of one party all together have no more than half of what is left to others, but for the first
 * of them; so nobody who is slow holds all of it, and nobody who waits for a place of their own party holds up another.
 */
public final class SharedMemory {
    private static final long PATIENCE_MILLIS = 20;

    private final Map<String, Long> held = new HashMap<>();
    private final Set<Wait> line = new LinkedHashSet<>();
    private final long most;
    private long taken;

    /** Compared by identity. */
    private static final class Wait {
        private final String party;
        private final long bytes;

        Wait(String party, long bytes) {
            this.party = party;
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

    /** What one taker has, until it is closed. For one thread at a time. */
    public Share share(String party, Waiting waiting) {
        return new Share(party, waiting);
    }

    /** What one taker has. */
    public final class Share implements AutoCloseable {
        private final String party;
        private final Waiting waiting;
        private long bytes;

        private Share(String party, Waiting waiting) {
            this.party = party;
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
                await(new Wait(party, wanted - bytes), waiting);
                bytes = wanted;
            }
        }

        @Override
        public void close() {
            give(party, bytes);
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
        held.merge(wait.party, wait.bytes, Long::sum);
        return true;
    }

    private boolean isFair(Wait wait) {
        long before = held.getOrDefault(wait.party, 0L);
        return before == 0 || 2 * (before + wait.bytes) <= most - taken - wait.bytes;
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void give(String party, long bytes) {
        taken -= bytes;
        held.computeIfPresent(party, (name, had) -> had == bytes ? null : Long.valueOf(had - bytes));
    }
}
