package dev.unroot.registry.layer;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * Unpacks a layer by what it is, not by what its media type says: Docker's media types are known to lie, and containerd
 * looks at the first bytes too ({@code archive/compression}), as does containers/image ({@code pkg/compression}).
 */
public final class Unpacking {
    /**
     * zstd may refer back 2^23 bytes: what RFC 8878 has every decoder support, and no builder goes beyond it unasked
     * ({@code zstd --ultra}). More would be memory for an attacker to ask for, outside the heap and for each layer.
     */
    private static final int ZSTD_WINDOW_LOG = 23;

    private static final int MAGIC = 4;

    private Unpacking() {}

    /**
     * The tar within gzip (of several members), zstd (of several frames) or nothing.
     *
     * @throws IOException from here or from reading, where the compression is damaged
     */
    public static InputStream open(InputStream compressed) throws IOException {
        PushbackInputStream input = new PushbackInputStream(compressed, MAGIC);
        byte[] magic = input.readNBytes(MAGIC);
        input.unread(magic);
        if (startsWith(magic, 0x1f, 0x8b, 0x08)) {
            return new GzipMembers(input);
        }
        if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            return openZstd(input);
        }
        if (isDisputed(magic)) {
            throw new UnsupportedLayerException("runtimes do not agree on how it is compressed");
        }
        return input;
    }

    private static InputStream openZstd(InputStream input) throws IOException {
        try {
            return new ZstdStream(new ZstdInputStreamNoFinalizer(input).setLongMax(ZSTD_WINDOW_LOG));
        } catch (LinkageError notLoaded) {
            // zstd-jni unpacks its native library to java.io.tmpdir, which must be writable and allow execution.
            throw new UnsupportedLayerException(
                    "zstd's native library cannot be loaded here: java.io.tmpdir must be writable and allow execution",
                    notLoaded);
        }
    }

    /** Tells a layer that asks for too much memory from one that is damaged. */
    private static final class ZstdStream extends FilterInputStream {
        ZstdStream(InputStream unpacked) {
            super(unpacked);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return super.read(target, offset, length);
            } catch (ZstdIOException e) {
                if (e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
                    throw new TooLargeException(
                            "needs more than " + (1 << ZSTD_WINDOW_LOG) + " bytes of memory to be unpacked from zstd");
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
