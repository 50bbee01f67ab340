package dev.unroot.registry.layer;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.unroot.common.Waiting;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * Unpacks a layer by what it is, not by what its media type says: Docker's media types are known to lie, and containerd
 * looks at the first bytes too ({@code archive/compression}), as does containers/image ({@code pkg/compression}).
 */
public final class Unpacking {
    /** Of a window's size, by what the library takes. */
    private static final int LEAST_LOG = 10;

    private static final int MOST_LOG = 31;

    private static final int MAGIC = 4;

    private Unpacking() {}

    /**
     * The tar within gzip (of several members), zstd (of several frames) or nothing.
     *
     * @param zstdWindow the largest that a zstd frame may have, in bytes. It is memory outside the heap, counted in
     *     {@link ZstdMemory}
     * @param registry whose layer it is: others have theirs of that memory
     * @param waiting for such memory
     * @throws IOException from here or from reading, where the compression is damaged
     */
    public static InputStream open(InputStream compressed, long zstdWindow, String registry, Waiting waiting)
            throws IOException {
        PushbackInputStream input = new PushbackInputStream(compressed, MAGIC);
        byte[] magic = input.readNBytes(MAGIC);
        input.unread(magic);
        if (startsWith(magic, 0x1f, 0x8b, 0x08)) {
            return new GzipMembers(input);
        }
        if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            return openZstd(input, zstdWindow, registry, waiting);
        }
        if (isDisputed(magic)) {
            throw new UnsupportedLayerException("runtimes do not agree on how it is compressed");
        }
        return input;
    }

    private static InputStream openZstd(InputStream input, long window, String registry, Waiting waiting)
            throws IOException {
        try {
            ZstdMemory.Share share = ZstdMemory.shared().share(window, registry, waiting);
            int log = Math.max(LEAST_LOG, Math.min(MOST_LOG, Long.SIZE - Long.numberOfLeadingZeros(window - 1)));
            return new ZstdStream(
                    new ZstdInputStreamNoFinalizer(new ZstdFrames(input, share)).setLongMax(log), window, share);
        } catch (LinkageError notLoaded) {
            // zstd-jni unpacks its native library to java.io.tmpdir, which must be writable and allow execution.
            throw new UnsupportedLayerException(
                    "zstd's native library cannot be loaded here: java.io.tmpdir must be writable and allow execution",
                    notLoaded);
        }
    }

    /** Tells a layer that asks for too much memory from one that is damaged. */
    private static final class ZstdStream extends FilterInputStream {
        private final long window;
        private final ZstdMemory.Share share;

        ZstdStream(InputStream unpacked, long window, ZstdMemory.Share share) {
            super(unpacked);
            this.window = window;
            this.share = share;
        }

        @Override
        public void close() throws IOException {
            try (share) {
                in.close();
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (ZstdIOException e) {
                if (e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
                    throw ZstdMemory.tooLarge(window);
                }
                throw e;
            }
        }
    }

    /**
     * What one family of runtimes takes for compressed, and another one for a tar whose first name begins like this: containers/image
     * knows bzip2 and xz, containerd does not; and only containerd knows zstd by a frame that holds no content.
     */
    private static boolean isDisputed(byte[] magic) {
        return startsWith(magic, 'B', 'Z', 'h')
                || startsWith(magic, 0xfd, '7', 'z', 'X')
                || (magic.length == MAGIC
                        && (magic[0] & 0xf0) == 0x50
                        && startsWith(magic, magic[0] & 0xff, 0x2a, 0x4d, 0x18));
    }

    private static boolean startsWith(byte[] bytes, int... expected) {
        if (bytes.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
