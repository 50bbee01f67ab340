package dev.unroot.registry;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes a layer, entry by entry:
 *
 * <pre>{@code
 * new TestLayer().directory("etc").file("etc/passwd", "app:x:1000:1000::/:/bin/sh\n").gzip()
 * }</pre>
 *
 * A parent directory is not written unless asked for. The same calls make the same bytes, except where compressed.
 */
public final class TestLayer {
    /** How the layer is stored, with its OCI media type. */
    public enum Compression {
        NONE("application/vnd.oci.image.layer.v1.tar"),
        GZIP("application/vnd.oci.image.layer.v1.tar+gzip"),
        ZSTD("application/vnd.oci.image.layer.v1.tar+zstd");

        private final String mediaType;

        Compression(String mediaType) {
            this.mediaType = mediaType;
        }
    }

    private static final int RECORD = 512;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, RECORD, "UTF-8");
    private Compression compression = Compression.NONE;
    private String mediaType = "";

    public TestLayer() {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    /** A layer that makes {@code /etc} and its passwd. */
    public static TestLayer passwd(String content) {
        return new TestLayer().directory("etc").file("etc/passwd", content);
    }

    public TestLayer file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public TestLayer file(String name, byte[] content) {
        TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL);
        entry.setSize(content.length);
        return put(entry, content);
    }

    public TestLayer directory(String name) {
        return put(entry(name + "/", TarConstants.LF_DIR), new byte[0]);
    }

    public TestLayer symbolicLink(String name, String target) {
        return link(name, target, TarConstants.LF_SYMLINK);
    }

    public TestLayer hardLink(String name, String target) {
        return link(name, target, TarConstants.LF_LINK);
    }

    private TestLayer link(String name, String target, byte type) {
        TarArchiveEntry entry = entry(name, type);
        entry.setLinkName(target);
        return put(entry, new byte[0]);
    }

    /** Any other type, without content: {@code '3'} is a character device, {@code '6'} a pipe. */
    public TestLayer special(String name, char type) {
        return put(entry(name, (byte) type), new byte[0]);
    }

    /** A whiteout: {@code whiteout("etc/passwd")} writes {@code etc/.wh.passwd}. */
    public TestLayer whiteout(String name) {
        int slash = name.lastIndexOf('/') + 1;
        return file(name.substring(0, slash) + ".wh." + name.substring(slash), "");
    }

    /** An opaque mark; the empty name is the root. */
    public TestLayer opaque(String directory) {
        return file((directory.isEmpty() ? "" : directory + "/") + ".wh..wh..opq", "");
    }

    /** An entry that only the caller can make. */
    public TestLayer put(TarArchiveEntry entry, byte[] content) {
        try {
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** An entry's header as all of them are: mode 0644 or 0755, owned by root, from 1970. */
    public static TarArchiveEntry entry(String name, byte type) {
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setMode(type == TarConstants.LF_DIR ? 0755 : 0644);
        entry.setIds(0, 0);
        entry.setModTime(0);
        return entry;
    }

    public TestLayer gzip() {
        compression = Compression.GZIP;
        return this;
    }

    public TestLayer zstd() {
        compression = Compression.ZSTD;
        return this;
    }

    /** What the manifest says of the layer, whatever it is. */
    public TestLayer claiming(String otherMediaType) {
        mediaType = otherMediaType;
        return this;
    }

    public String mediaType() {
        return mediaType.isEmpty() ? compression.mediaType : mediaType;
    }

    /** The entries without the end of the archive, so that more may follow. */
    public byte[] unpackedSoFar() {
        try {
            tar.flush();
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The tar. */
    public byte[] unpacked() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The blob. */
    public byte[] packed() {
        return switch (compression) {
            case NONE -> unpacked();
            case GZIP -> gzip(unpacked());
            case ZSTD -> Zstd.compress(unpacked());
        };
    }

    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return packed.toByteArray();
    }
}
