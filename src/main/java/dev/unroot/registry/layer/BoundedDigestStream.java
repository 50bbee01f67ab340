package dev.unroot.registry.layer;

import dev.unroot.registry.documents.TooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Counts, hashes and bounds what passes through, and asks before each read whether to go on. */
public final class BoundedDigestStream extends FilterInputStream {
    private static final int BUFFER = 1 << 14;

    private final MessageDigest hash;
    private final String what;
    private final Runnable before;
    private final long limit;
    private long count;

    /**
     * @param hash fed with every byte
     * @param limit in bytes
     * @param what names the bytes in the message when there are more, {@code compressed}
     * @param before throws to stop the reading
     */
    public BoundedDigestStream(InputStream input, MessageDigest hash, long limit, String what, Runnable before) {
        super(input);
        this.hash = hash;
        this.limit = limit;
        this.what = what;
        this.before = before;
    }

    /** Bytes read so far. */
    public long count() {
        return count;
    }

    /** Of all bytes read so far; to be asked once, when all are. */
    public byte[] hash() {
        return hash.digest();
    }

    /** Reads what is left, so that the hash is of the whole. */
    public void drain() throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (read(buffer, 0, buffer.length) >= 0) {
            continue;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        before.run();
        int read = in.read(target, offset, length);
        if (read > 0) {
            hash.update(target, offset, read);
            count += read;
            if (count > limit) {
                throw new TooLargeException("holds more than " + limit + " bytes " + what);
            }
        }
        return read;
    }

    /** Skipped bytes count and are hashed as well. */
    @Override
    public long skip(long wanted) throws IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER, Math.max(wanted, 1))];
        long skipped = 0;
        while (skipped < wanted) {
            int read = read(buffer, 0, (int) Math.min(buffer.length, wanted - skipped));
            if (read < 0) {
                break;
            }
            skipped += read;
        }
        return skipped;
    }

    /** Whoever opened the stream below closes it: the rest of it is read after what unpacks it is closed. */
    @Override
    public void close() {}

    @Override
    public boolean markSupported() {
        return false;
    }
}
