package dev.unroot.registry.layer;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The bytes of a tar archive, in order; each method that ends too early fails. */
final class TarBytes {
    private static final byte[] ZERO_BLOCK = new byte[TarHeader.BLOCK];

    private final InputStream input;
    private long position;

    TarBytes(InputStream input) {
        this.input = input;
    }

    /** Of the next byte, from the start of the archive. */
    long position() {
        return position;
    }

    /** A header block; null at the end of the archive. */
    byte @Nullable [] header() throws IOException {
        byte[] block = new byte[TarHeader.BLOCK];
        if (isAtEnd(block)) {
            return null;
        }
        if (!Arrays.equals(block, ZERO_BLOCK)) {
            return block;
        }
        if (isAtEnd(block) || Arrays.equals(block, ZERO_BLOCK)) {
            return null;
        }
        throw new IOException("a tar archive goes on after its end");
    }

    /** Reads a block; true where the archive ends before it. */
    private boolean isAtEnd(byte[] block) throws IOException {
        int read = input.readNBytes(block, 0, block.length);
        position += read;
        if (read != 0 && read != block.length) {
            throw truncated();
        }
        return read == 0;
    }

    void skip(long count) throws IOException {
        try {
            input.skipNBytes(count);
        } catch (EOFException end) {
            throw truncated();
        }
        position += count;
    }

    void readFully(byte[] target) throws IOException {
        int read = input.readNBytes(target, 0, target.length);
        position += read;
        if (read != target.length) {
            throw truncated();
        }
    }

    /** At least one byte. */
    int read(byte[] target, int offset, int length) throws IOException {
        int read = input.read(target, offset, length);
        if (read < 0) {
            throw truncated();
        }
        position += read;
        return read;
    }

    private static EOFException truncated() {
        return new EOFException("a tar archive is cut off");
    }
}
