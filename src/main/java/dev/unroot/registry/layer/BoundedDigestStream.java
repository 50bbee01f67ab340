package dev.unroot.registry.layer;

import dev.unroot.common.BlockInputStream;
import dev.unroot.registry.documents.TooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

/** Counts, hashes and bounds what passes through, and asks before each read whether to go on. */
public final class BoundedDigestStream extends BlockInputStream {
    private final InputStream input;
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
        this.input = input;
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
        transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        before.run();
        int read = input.read(target, offset, length);
        if (read > 0) {
            hash.update(target, offset, read);
            count += read;
            if (count > limit) {
                throw new TooLargeException("holds more than " + limit + " bytes " + what);
            }
        }
        return read;
    }

    /** Whoever opened the stream below closes it: the rest of it is read after what unpacks it is closed. */
    @Override
    public void close() {}
}
