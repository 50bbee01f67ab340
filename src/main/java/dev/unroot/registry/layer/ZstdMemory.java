package dev.unroot.registry.layer;

import dev.unroot.registry.documents.TooLargeException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all layers that are unpacked from zstd at a time may take for their windows, together: memory outside the heap, which
 * whoever made a layer asks for. One that finds no room waits for it.
 *
 * <p>Windows of up to 8 MiB, which nearly all layers have (RFC 8878 has every decoder support them), have room of their own,
 * so that larger ones do not hold them up.
 */
public final class ZstdMemory {
    /** A window up to this is a small one. */
    static final long SMALL = 8L << 20;

    /** For all small windows together. */
    public static final long SMALL_IN_ALL = 32L << 20;

    private static final long PATIENCE_MILLIS = 20;

    private static final ZstdMemory SHARED = new ZstdMemory();

    private final Room small = new Room();
    private final Room large = new Room();

    ZstdMemory() {}

    /** The one that all layers of this process are counted in. */
    static ZstdMemory shared() {
        return SHARED;
    }

    /**
     * What windows take at most, in bytes.
     *
     * @param largest window that is taken; larger ones together take no more
     */
    public static long most(long largest) {
        return SMALL_IN_ALL + Math.max(0, largest > SMALL ? largest : 0);
    }

    /** One layer's share: that of the largest window of its frames, until it is closed. */
    final class Share implements AutoCloseable {
        private final long largest;
        private final Waiting waiting;
        private long fromSmall;
        private long fromLarge;

        private Share(long largest, Waiting waiting) {
            this.largest = largest;
            this.waiting = waiting;
        }

        /** Has room for a window when it returns. */
        void grow(long window) throws TooLargeException {
            if (window > largest) {
                throw tooLarge(largest);
            }
            if (window > SMALL) {
                if (window > fromLarge) {
                    large.take(window - fromLarge, largest, waiting);
                    fromLarge = window;
                }
            } else if (window > fromSmall) {
                small.take(window - fromSmall, SMALL_IN_ALL, waiting);
                fromSmall = window;
            }
        }

        @Override
        public void close() {
            small.give(fromSmall);
            large.give(fromLarge);
            fromSmall = 0;
            fromLarge = 0;
        }
    }

    static TooLargeException tooLarge(long largest) {
        return new TooLargeException("needs more than " + largest + " bytes of memory to be unpacked from zstd");
    }

    /** @param largest window that is taken, in bytes */
    Share share(long largest, Waiting waiting) {
        return new Share(largest, waiting);
    }

    /** Bytes taken now. */
    long taken() {
        return small.taken.get() + large.taken.get();
    }

    /** Whoever comes first is served first, or many small ones would keep a large one out. */
    private static final class Room {
        private final Semaphore head = new Semaphore(1, true);
        private final AtomicLong taken = new AtomicLong();

        void take(long bytes, long most, Waiting waiting) {
            boolean[] isHead = new boolean[1];
            try {
                while (!isHead[0]) {
                    waiting.during(() -> isHead[0] = acquire());
                }
                while (!fits(bytes, most)) {
                    waiting.during(Room::sleep);
                }
            } finally {
                if (isHead[0]) {
                    head.release();
                }
            }
        }

        /** Only the head adds, so what fits now still fits then. */
        private boolean fits(long bytes, long most) {
            if (taken.get() + bytes > most) {
                return false;
            }
            taken.addAndGet(bytes);
            return true;
        }

        private boolean acquire() {
            try {
                return head.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private static void sleep() {
            try {
                TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
            } catch (InterruptedException cancelled) {
                Thread.currentThread().interrupt();
            }
        }

        void give(long bytes) {
            taken.addAndGet(-bytes);
        }
    }
}
