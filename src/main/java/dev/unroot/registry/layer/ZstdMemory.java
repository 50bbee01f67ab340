package dev.unroot.registry.layer;

import dev.unroot.common.SharedMemory;
import dev.unroot.common.Waiting;
import dev.unroot.registry.documents.TooLargeException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

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

    private static final ZstdMemory SHARED = new ZstdMemory();

    private final SharedMemory small = new SharedMemory(SMALL_IN_ALL);
    /** By the largest window that is taken: one, but for a moment after the configuration has changed it. */
    private final ConcurrentMap<Long, SharedMemory> large = new ConcurrentHashMap<>();

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
    static final class Share implements AutoCloseable {
        private final long largest;
        private final SharedMemory.Share small;
        private final SharedMemory.Share large;

        private Share(long largest, SharedMemory.Share small, SharedMemory.Share large) {
            this.largest = largest;
            this.small = small;
            this.large = large;
        }

        /** Has room for a window when it returns. */
        void grow(long window) throws TooLargeException {
            if (window > largest) {
                throw tooLarge(largest);
            }
            (window > SMALL ? large : small).grow(window);
        }

        @Override
        public void close() {
            small.close();
            large.close();
        }
    }

    static TooLargeException tooLarge(long largest) {
        return new TooLargeException("needs more than " + largest + " bytes of memory to be unpacked from zstd");
    }

    /**
     * @param largest window that is taken, in bytes
     * @param registry whose layer it is
     */
    Share share(long largest, String registry, Waiting waiting) {
        SharedMemory forLarge = large.computeIfAbsent(largest, SharedMemory::new);
        Object layer = new Object();
        return new Share(largest, small.share(registry, layer, waiting), forLarge.share(registry, layer, waiting));
    }

    /** Bytes taken now. */
    long taken() {
        return small.taken()
                + large.values().stream().mapToLong(SharedMemory::taken).sum();
    }
}
