package dev.unroot.registry;

import dev.unroot.common.HeapShares;
import dev.unroot.common.SharedMemory;
import dev.unroot.common.Waiting;

/**
 * The heap that lookups share, in the whole process. Each has a little of its own, which is enough for nearly all images; what
 * registries send beyond that is weighed, and waits for room. What is of medium size has room of its own, so that no one who holds
 * up the large ones holds up those.
 */
public final class LookupMemory {
    /** Bytes up to which an answer needs no room: real manifests and configurations have a few thousand. */
    public static final int SMALL_ANSWER = 64 << 10;

    /** Of names, or of a passwd, or of a table of contents, likewise: of a layer. */
    public static final int SMALL_PART = 64 << 10;

    /** The pieces that an answer came in, the whole of it, and what comes of it, for each of its bytes. */
    private static final int PER_BYTE = 6;

    /** A small answer and a layer's small parts, its buffers, and what waits for them to be read. */
    private static final long PER_LOOKUP = 1280 << 10;

    private static final int FEWEST = 4;

    /** A configuration as large as it may be by default. */
    private static final long LEAST_LARGE = 48L << 20;

    private static final long LEAST_MEDIUM = 8L << 20;

    /** Names and a table of contents, as much as one layer may have. */
    private static final long LARGEST_LAYER = 28L << 20;

    private static final long MEDIUM = 4L << 20;

    private static final LookupMemory SHARED =
            new LookupMemory(HeapShares.ofThisProcess().lookups());

    private final int atOnce;
    private final SharedMemory medium;
    private final SharedMemory large;

    /** @param heap for all of it, in bytes */
    LookupMemory(long heap) {
        long rooms = Math.max(LEAST_LARGE + LEAST_MEDIUM, heap * 5 / 8);
        long forLarge = Math.max(LEAST_LARGE, rooms * 2 / 3);
        this.atOnce = (int) Math.max(FEWEST, Math.min(Integer.MAX_VALUE, (heap - rooms) / PER_LOOKUP));
        this.medium = new SharedMemory(rooms - forLarge);
        this.large = new SharedMemory(forLarge);
    }

    /** The one that all lookups of this process are counted in. */
    public static LookupMemory shared() {
        return SHARED;
    }

    /** How many lookups there is room for. */
    public int atOnce() {
        return atOnce;
    }

    /** The most that all of it comes to, in bytes. */
    long most() {
        return atOnce * PER_LOOKUP + medium.most() + large.most();
    }

    /** Bytes of an answer, at most, that there is ever room for. */
    public int largestAnswer() {
        return (int) Math.min(Integer.MAX_VALUE, large.most() / PER_BYTE);
    }

    /** Bytes of a passwd, at most, that there is ever room for: beside its layer, and once more as text. */
    public int largestPasswd() {
        return (int) Math.min(Integer.MAX_VALUE, (large.most() - LARGEST_LAYER) / 2);
    }

    /**
     * @param registry whose bytes they are
     * @param lookup one object for all rooms of one lookup: none waits for another
     */
    public Room room(String registry, Object lookup, Waiting waiting) {
        return new Room(medium.share(registry, lookup, waiting), large.share(registry, lookup, waiting));
    }

    /** What one lookup has beyond its own, until it is closed. */
    public static final class Room implements AutoCloseable {
        private final SharedMemory.Share medium;
        private final SharedMemory.Share large;
        private long parts;

        private Room(SharedMemory.Share medium, SharedMemory.Share large) {
            this.medium = medium;
            this.large = large;
        }

        /** Has room for an answer of so many bytes when it returns. */
        public void answer(long bytes) {
            grow(PER_BYTE * bytes);
        }

        /** Likewise for a passwd, which is held as bytes and as text. */
        public void passwd(long bytes) {
            if (bytes > SMALL_PART) {
                grow(2 * bytes);
            }
        }

        /** Likewise for so many more bytes of a layer. Beyond medium size there is room for all that a layer may have. */
        public void more(long bytes) {
            parts += bytes;
            grow(parts > MEDIUM ? LARGEST_LAYER : parts);
        }

        private void grow(long bytes) {
            (bytes > MEDIUM ? large : medium).grow(bytes);
        }

        @Override
        public void close() {
            medium.close();
            large.close();
        }
    }
}
