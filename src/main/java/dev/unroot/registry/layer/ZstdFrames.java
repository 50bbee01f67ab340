package dev.unroot.registry.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Follows the frames of a zstd stream as it is read, and has room made for each frame's window before whoever unpacks it
 * sees its header. Source: RFC 8878, section 3.1.
 */
final class ZstdFrames extends FilterInputStream {
    private static final long MAGIC = 0xfd2fb528L;
    private static final long SKIPPABLE = 0x184d2a50L;
    private static final long SKIPPABLE_MASK = 0xfffffff0L;

    /** By the two bits that say it; without a content size the first is of a single segment. */
    private static final int[] SIZE_LENGTHS = {1, 2, 4, 8};

    private static final int[] DICTIONARY_LENGTHS = {0, 1, 2, 4};

    private enum Part {
        MAGIC,
        SKIPPED_LENGTH,
        DESCRIPTOR,
        HEADER,
        BLOCK
    }

    private final ZstdMemory.Share share;
    private Part part = Part.MAGIC;
    /** Bytes of the part that are still to come, and those of it that are there. */
    private int wanted = 4;

    private int filled;
    private final byte[] bytes = new byte[16];
    private int descriptor;
    private long skip;

    ZstdFrames(InputStream compressed, ZstdMemory.Share share) {
        super(compressed);
        this.share = share;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        int position = offset;
        int end = offset + Math.max(read, 0);
        while (position < end) {
            if (skip > 0) {
                int skipped = (int) Math.min(skip, end - position);
                skip -= skipped;
                position += skipped;
            } else {
                bytes[filled] = target[position];
                filled++;
                position++;
                if (filled == wanted) {
                    filled = 0;
                    next();
                }
            }
        }
        return read;
    }

    private void next() throws IOException {
        switch (part) {
            case MAGIC -> magic(number(0, 4));
            case SKIPPED_LENGTH -> {
                skip = number(0, 4);
                expect(Part.MAGIC, 4);
            }
            case DESCRIPTOR -> {
                descriptor = bytes[0] & 0xff;
                int length = (isSingle() ? 0 : 1) + DICTIONARY_LENGTHS[descriptor & 3] + sizeLength();
                expect(Part.HEADER, length);
            }
            case HEADER -> {
                share.grow(window());
                expect(Part.BLOCK, 3);
            }
            case BLOCK -> block((int) number(0, 3));
        }
    }

    private void magic(long magic) throws IOException {
        if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
            expect(Part.SKIPPED_LENGTH, 4);
        } else if (magic == MAGIC) {
            expect(Part.DESCRIPTOR, 1);
        } else {
            throw new IOException("something that is no frame follows in its zstd stream");
        }
    }

    private void block(int header) {
        boolean isRun = ((header >> 1) & 3) == 1;
        skip = isRun ? 1 : header >>> 3;
        boolean afterLast = (header & 1) == 1;
        if (afterLast) {
            skip += ((descriptor >> 2) & 1) * 4L;
        }
        expect(afterLast ? Part.MAGIC : Part.BLOCK, afterLast ? 4 : 3);
    }

    private void expect(Part next, int length) {
        part = next;
        wanted = length;
    }

    private boolean isSingle() {
        return ((descriptor >> 5) & 1) == 1;
    }

    private int sizeLength() {
        int bits = descriptor >> 6;
        return bits == 0 && !isSingle() ? 0 : SIZE_LENGTHS[bits];
    }

    private long window() {
        if (!isSingle()) {
            long base = 1L << (10 + ((bytes[0] & 0xff) >> 3));
            return base + base / 8 * (bytes[0] & 7);
        }
        long size = number(DICTIONARY_LENGTHS[descriptor & 3], sizeLength());
        return size < 0 ? Long.MAX_VALUE : sizeLength() == 2 ? size + 256 : size;
    }

    private long number(int offset, int length) {
        long number = 0;
        for (int i = length - 1; i >= 0; i--) {
            number = (number << 8) | (bytes[offset + i] & 0xff);
        }
        return number;
    }

    @Override
    public long skip(long count) throws IOException {
        throw new UnsupportedOperationException("all of it is read");
    }
}
