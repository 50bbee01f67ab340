package dev.unroot.registry.layer;

import dev.unroot.common.BlockInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * What is packed in gzip (RFC 1952), of one member or several, up to the end of the stream.
 *
 * <p>Runtimes unpack with Go's gzip, klauspost's, pgzip, {@code unpigz} or {@code igzip}, and where a member is not sound, or
 * something else follows the last one, some fail, some warn and some stop in silence, as Java's own reader does. This one fails
 * wherever one of them might: what it unpacks is what all of them do.
 */
final class GzipMembers extends BlockInputStream {
    private static final int BUFFER = 1 << 16;
    private static final int DEFLATED = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    /** With the zero at its end; Go reads no more. */
    private static final int LONGEST_TEXT = 512;

    private final InputStream packed;
    private final byte[] buffer = new byte[BUFFER];
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final CRC32 headerChecksum = new CRC32();
    private int next;
    private int end;
    private boolean within;
    private boolean begun;
    private boolean over;

    GzipMembers(InputStream packed) {
        this.packed = packed;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            return inflate(target, offset, length);
        } catch (DataFormatException damaged) {
            throw new ZipException("its gzip is damaged");
        }
    }

    private int inflate(byte[] target, int offset, int length) throws IOException, DataFormatException {
        while (within || readHeader()) {
            int count = inflater.inflate(target, offset, length);
            if (count > 0) {
                checksum.update(target, offset, count);
                return count;
            }
            if (inflater.finished()) {
                next = end - inflater.getRemaining();
                readTrailer();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("its gzip is damaged");
            } else if (inflater.needsInput()) {
                if (next == end) {
                    fill();
                }
                inflater.setInput(buffer, next, end - next);
                next = end;
            }
        }
        return -1;
    }

    /** False where the stream ends instead. */
    private boolean readHeader() throws IOException {
        if (over || (begun && next == end && !refill())) {
            over = true;
            return false;
        }
        headerChecksum.reset();
        if (headerByte() != 0x1f || headerByte() != 0x8b || headerByte() != DEFLATED) {
            throw new ZipException("something that is not gzip follows its gzip");
        }
        int flags = headerByte();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("its gzip has flags that nobody knows");
        }
        // Time, level and operating system.
        skip(6);
        if ((flags & EXTRA) != 0) {
            int low = headerByte();
            skip(low | headerByte() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            int expected = (int) headerChecksum.getValue() & 0xffff;
            int low = headerByte();
            if ((low | headerByte() << 8) != expected) {
                throw new ZipException("the checksum of its gzip's header is wrong");
            }
        }
        inflater.reset();
        checksum.reset();
        within = true;
        begun = true;
        return true;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            headerByte();
        }
    }

    private void skipText() throws IOException {
        for (int i = 0; i < LONGEST_TEXT; i++) {
            if (headerByte() == 0) {
                return;
            }
        }
        throw new ZipException("its gzip's header holds a text that is too long");
    }

    private void readTrailer() throws IOException {
        // Both are of 32 bits, the length modulo 2^32.
        if (littleEndian() != (int) checksum.getValue() || littleEndian() != (int) inflater.getBytesWritten()) {
            throw new ZipException("the checksum of its gzip is wrong");
        }
        within = false;
    }

    private int littleEndian() throws IOException {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= nextByte() << shift;
        }
        return value;
    }

    private int headerByte() throws IOException {
        int value = nextByte();
        headerChecksum.update(value);
        return value;
    }

    private int nextByte() throws IOException {
        if (next == end) {
            fill();
        }
        return buffer[next++] & 0xff;
    }

    private void fill() throws IOException {
        if (!refill()) {
            throw new EOFException("its gzip ends too early");
        }
    }

    private boolean refill() throws IOException {
        next = 0;
        end = Math.max(0, packed.read(buffer, 0, BUFFER));
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        packed.close();
    }
}
