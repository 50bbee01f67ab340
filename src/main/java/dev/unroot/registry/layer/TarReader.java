package dev.unroot.registry.layer;

import dev.unroot.common.BlockInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive entry by entry, with Go's {@code archive/tar} as the reference for what is an entry, how it is named
 * and where the next begins. The formats: V7, ustar, star, POSIX (PAX) and old GNU.
 *
 * <p>Libraries for Java differ from Go where it matters: they let a global header rename the entries after it, and read
 * data after links. A layer could show such a reader one passwd and the runtime another.
 */
public final class TarReader {
    /** Of an extended header or a long name; Go stops there too. */
    private static final int LONGEST_SPECIAL = 1 << 20;

    private final TarBytes bytes;
    private long remaining;
    private long padding;

    public TarReader(InputStream input) {
        this.bytes = new TarBytes(input);
    }

    /** Where in the archive the next byte to be read stands; right after {@link #next}, where the entry's data begins. */
    public long position() {
        return bytes.position();
    }

    /**
     * Moves past the rest of the current entry to the next one.
     *
     * @return null at the end of the archive
     * @throws IOException also where the archive is malformed or cut off
     */
    public @Nullable TarEntry next() throws IOException {
        PaxRecords pax = PaxRecords.NONE;
        String longName = "";
        String longLink = "";
        while (true) {
            skipData();
            byte[] block = bytes.header();
            if (block == null) {
                return null;
            }
            TarHeader header = TarHeader.parse(block);
            begin(header.type(), header.size());
            switch (header.type()) {
                case 'x' -> pax = PaxRecords.parse(special());
                case 'g' -> {
                    // It concerns no entry, and ends what the headers before it have said.
                    PaxRecords.parse(special());
                    pax = PaxRecords.NONE;
                    longName = "";
                    longLink = "";
                }
                case 'L' -> longName = upToNul(special());
                case 'K' -> longLink = upToNul(special());
                default -> {
                    return entry(header, pax, longName, longLink, block);
                }
            }
        }
    }

    private TarEntry entry(TarHeader header, PaxRecords pax, String longName, String longLink, byte[] block)
            throws IOException {
        String name = longName.isEmpty() ? pax.name(header.name()) : longName;
        String link = longLink.isEmpty() ? pax.linkName(header.linkName()) : longLink;
        char type = header.type();
        if (type == '\0') {
            type = name.endsWith("/") ? TarEntry.DIRECTORY : TarEntry.REGULAR;
        }
        long size = pax.size(header.size());
        begin(type, size);
        boolean sparse = type == 'S' || pax.isSparse();
        if (type == 'S') {
            skipSparseHeaders(header, block);
        } else {
            name = pax.realName(name);
        }
        return new TarEntry(name, type, link, remaining, sparse, pax.steersOverlay());
    }

    /** The data of the current entry; what is not read is skipped. */
    public byte[] data(int length) throws IOException {
        byte[] data = new byte[(int) Math.min(length, remaining)];
        bytes.readFully(data);
        remaining -= data.length;
        return data;
    }

    /** The same as a stream, for data that is too much to hold; to be read before the next entry. */
    public InputStream content() {
        return new EntryStream();
    }

    private final class EntryStream extends BlockInputStream {
        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (remaining == 0) {
                return -1;
            }
            int read = bytes.read(target, offset, (int) Math.min(length, remaining));
            remaining -= read;
            return read;
        }
    }

    private void begin(char type, long size) throws IOException {
        boolean hasData = type < TarEntry.HARD_LINK || type > '6';
        if (hasData && size < 0) {
            throw new IOException("a tar entry has a negative size");
        }
        remaining = hasData ? size : 0;
        padding = -remaining & (TarHeader.BLOCK - 1);
    }

    private void skipSparseHeaders(TarHeader header, byte[] block) throws IOException {
        if (!header.gnu()) {
            throw new IOException("a sparse tar entry is not in GNU format");
        }
        boolean extended = block[482] != 0;
        byte[] extension = new byte[TarHeader.BLOCK];
        int total = 0;
        while (extended) {
            total += extension.length;
            if (total > LONGEST_SPECIAL) {
                throw new IOException("a sparse tar entry has too many parts");
            }
            bytes.readFully(extension);
            extended = extension[504] != 0;
        }
    }

    private String special() throws IOException {
        if (remaining > LONGEST_SPECIAL) {
            throw new IOException("a tar extended header is too long");
        }
        return new String(data(LONGEST_SPECIAL), StandardCharsets.ISO_8859_1);
    }

    private static String upToNul(String text) {
        int nul = text.indexOf('\0');
        return nul < 0 ? text : text.substring(0, nul);
    }

    private void skipData() throws IOException {
        bytes.skip(remaining);
        remaining = 0;
        try {
            bytes.skip(padding);
        } catch (EOFException noPadding) {
            // Go accepts an archive that ends right after its last file's data.
        }
        padding = 0;
    }
}
