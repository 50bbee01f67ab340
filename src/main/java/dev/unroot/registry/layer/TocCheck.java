package dev.unroot.registry.layer;

import dev.unroot.common.BlockInputStream;
import dev.unroot.common.Waiting;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a layer's table of contents makes of {@code /etc/passwd} with what its tar makes of it. A runtime that
 * goes by the table never looks at the tar, so a layer in which the two differ is two layers.
 */
public final class TocCheck {
    private static final String NO_FILE = "/";
    private static final String FILE = "stargz.index.json";

    /** Of a compressed table, which is held: about 100,000 files' worth. */
    private static final int MOST_PACKED = 8 << 20;

    private final TocMark mark;
    private final Limits limits;
    private final Runnable goOn;
    private final LayerScan.Room room;
    private final String registry;
    private final Waiting waiting;
    private byte[] packed = new byte[0];
    private @Nullable LayerScan table;

    /**
     * @param goOn throws to stop the reading
     * @param room for what is kept of the table
     * @param registry whose layer it is
     * @param waiting for memory to unpack the table with
     */
    public TocCheck(TocMark mark, Limits limits, Runnable goOn, LayerScan.Room room, String registry, Waiting waiting) {
        this.room = room;
        this.registry = registry;
        this.waiting = waiting;
        this.mark = mark;
        this.limits = limits;
        this.goOn = goOn;
    }

    /** Keeps the table as it passes by in the compressed layer, where that is its place. */
    public InputStream watch(InputStream compressed) {
        TocMark.Position position = mark.position();
        if (position == null || position.length() > MOST_PACKED) {
            return compressed;
        }
        return new RangeCopy(compressed, position);
    }

    /** Reads a layer's tar, and the table where it is a file in it. */
    public void readTar(InputStream tar, LayerScan scan) throws IOException {
        boolean isFile = mark.isSound() && mark.position() == null;
        LayerTar.read(tar, scan, isFile ? FILE : NO_FILE, this::readTable);
    }

    /**
     * @param tar what the layer's tar makes, once the layer is read and its digests are checked
     * @param above what the layers above left open
     * @return the same, unless the table says otherwise or cannot be checked
     */
    public LayerFindings compare(LayerFindings tar, Set<String> above) {
        if (tar.ambiguity() != null) {
            return tar;
        }
        if (mark.position() != null && (mark.packed() == null || mark.packed().matches(packed))) {
            unpackTable();
        }
        if (table == null) {
            return tar.unclear("a layer's table of contents, which some runtimes go by, cannot be checked");
        }
        return agree(tar, table.findings(above))
                ? tar
                : tar.unclear("a layer's table of contents, which some runtimes go by, says otherwise than the layer");
    }

    private static boolean agree(LayerFindings tar, LayerFindings table) {
        return table.ambiguity() == null
                && tar.hidesPasswd() == table.hidesPasswd()
                && tar.removesEtc() == table.removesEtc()
                && tar.makesEtc() == table.makesEtc()
                && tar.unsettled().equals(table.unsettled())
                && samePasswd(tar.passwd(), table.passwd());
    }

    private static boolean samePasswd(byte @Nullable [] content, byte @Nullable [] digest) {
        if (content == null || digest == null) {
            return content == digest;
        }
        String text = new String(digest, StandardCharsets.US_ASCII);
        return Digest.isDigest(text) && Digest.parse(text).matches(content);
    }

    private void unpackTable() {
        try (InputStream unpacking =
                Unpacking.open(new ByteArrayInputStream(packed), limits.zstdWindowBytes(), registry, waiting)) {
            readTable(unpacking);
        } catch (IOException damaged) {
            table = null;
        }
    }

    private void readTable(InputStream json) {
        Digest expected = mark.unpacked();
        LayerScan scan = new LayerScan(limits.layerEntries(), limits.passwdBytes(), namesOnly());
        BoundedDigestStream guarded = new BoundedDigestStream(
                json,
                (expected == null ? Digest.of(packed) : expected).newHash(),
                limits.inflatedBytes(),
                "in its table of contents",
                goOn);
        try {
            TocReader.read(guarded, scan);
            guarded.drain();
        } catch (IOException unreadable) {
            return;
        }
        if (expected == null || expected.matchesHash(guarded.hash())) {
            table = scan;
        }
    }

    /** Copies a range of what is read. */
    private final class RangeCopy extends BlockInputStream {
        private final InputStream input;
        private final int length;
        /** Where the range begins, counted from the next byte. */
        private long offset;

        RangeCopy(InputStream input, TocMark.Position position) {
            this.input = input;
            this.offset = position.offset();
            this.length = position.length();
        }

        @Override
        public int read(byte[] target, int start, int most) throws IOException {
            int read = input.read(target, start, most);
            if (read > 0) {
                // The range relative to what was read now: may begin before it, in it or after it.
                long from = Math.max(offset, 0);
                long to = Math.min(offset + length, read);
                if (from < to) {
                    if (packed.length == 0) {
                        // No sooner: a layer may take its time until it comes to its table.
                        room.more(length);
                        packed = new byte[length];
                    }
                    System.arraycopy(target, start + (int) from, packed, (int) (from - offset), (int) (to - from));
                }
                offset -= read;
            }
            return read;
        }
    }

    /** A table tells a passwd's digest and not its bytes, so that these need no room. */
    private LayerScan.Room namesOnly() {
        return new LayerScan.Room() {
            @Override
            public void passwd(long bytes) {}

            @Override
            public void more(long bytes) {
                room.more(bytes);
            }
        };
    }
}
