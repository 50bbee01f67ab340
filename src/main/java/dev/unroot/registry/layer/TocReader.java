package dev.unroot.registry.layer;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.GoJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads a layer's table of contents as if it were the tar it tells of, with the digest of {@code /etc/passwd} in the place
 * of its content. Streams, for tables can be large.
 *
 * <p>Source: estargz {@code types.go} ({@code TOCEntry}). What no honest table holds and readers could take in two ways
 * is an error: passwd twice, or in parts.
 */
final class TocReader {
    private static final String PASSWD = "etc/passwd";
    private static final String EMPTY_DIGEST = Digest.of(new byte[0]).toString();

    private final LayerScan scan;
    private boolean hasPasswd;

    private TocReader(LayerScan scan) {
        this.scan = scan;
    }

    /** @throws IOException where it is no table, or one that says too much */
    static void read(InputStream json, LayerScan scan) throws IOException {
        TocReader reader = new TocReader(scan);
        GoJson.strictStream(json, (name, value) -> {
            if (name.equals("entries")) {
                GoJson.array(value, reader::entry);
            }
        });
    }

    private void entry(JsonParser value) throws IOException {
        Entry entry = new Entry();
        GoJson.strictObject(value, entry);
        TarEntry file = entry.file();
        boolean isPasswd = file.path().equals(PASSWD);
        if (isPasswd && (hasPasswd || !entry.isWhole())) {
            throw new IOException("a table of contents holds passwd in parts");
        }
        hasPasswd |= isPasswd;
        if (!entry.type.equals("chunk")) {
            scan.see(file, most -> entry.contentDigest().getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static final class Entry implements GoJson.Fields {
        private String name = "";
        private String type = "";
        private String linkName = "";
        private String digest = "";
        private String chunkDigest = "";
        private long size;
        private long chunkOffset;
        private long chunkSize;
        private boolean steersOverlay;

        @Override
        public void read(String field, JsonParser value) throws IOException {
            switch (field) {
                case "name" -> name = GoJson.string(value, name);
                case "type" -> type = GoJson.string(value, type);
                case "linkname" -> linkName = GoJson.string(value, linkName);
                case "digest" -> digest = GoJson.string(value, digest);
                case "chunkdigest" -> chunkDigest = GoJson.string(value, chunkDigest);
                case "size" -> size = GoJson.integer(value, size);
                case "chunkoffset" -> chunkOffset = GoJson.integer(value, chunkOffset);
                case "chunksize" -> chunkSize = GoJson.integer(value, chunkSize);
                case "xattrs" -> GoJson.object(value, (key, content) -> steersOverlay |= TarEntry.steersOverlay(key));
                default -> {}
            }
        }

        boolean isWhole() {
            return !type.equals("chunk")
                    && chunkOffset == 0
                    && (chunkSize == 0 || chunkSize == size)
                    && (chunkDigest.isEmpty() || chunkDigest.equals(digest));
        }

        String contentDigest() {
            return size == 0 && digest.isEmpty() ? EMPTY_DIGEST : digest;
        }

        TarEntry file() throws IOException {
            char flag =
                    switch (type) {
                        case "reg", "chunk" -> TarEntry.REGULAR;
                        case "hardlink" -> TarEntry.HARD_LINK;
                        case "symlink" -> TarEntry.SYMBOLIC_LINK;
                        case "dir" -> TarEntry.DIRECTORY;
                        case "char" -> '3';
                        case "block" -> '4';
                        case "fifo" -> '6';
                        default -> throw new IOException("a table of contents holds a file of an unknown type");
                    };
            return new TarEntry(bytes(name), flag, bytes(linkName), size, false, steersOverlay);
        }

        /** One char per byte, as tar names are held. */
        private static String bytes(String text) {
            return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }
    }
}
