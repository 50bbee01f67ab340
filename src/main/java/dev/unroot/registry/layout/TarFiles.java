package dev.unroot.registry.layout;

import dev.unroot.common.BlockInputStream;
import dev.unroot.registry.layer.TarEntry;
import dev.unroot.registry.layer.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files in a tar, which is read through once for where they are, and then in place. */
final class TarFiles implements LayoutFiles {
    private static final int MOST_FILES = 100_000;
    private static final int MOST_LINKS_IN_A_ROW = 8;

    private final Path tar;
    private final Map<String, Place> places = new HashMap<>();

    /** Old {@code docker save} writes a layer that comes twice as a link. */
    private final Map<String, String> links = new HashMap<>();

    private record Place(long offset, long size) {}

    TarFiles(Path tar) throws IOException {
        this.tar = tar;
        try (InputStream input = new BufferedInputStream(Files.newInputStream(tar))) {
            index(new TarReader(input));
        }
    }

    private void index(TarReader reader) throws IOException {
        long end = Files.size(tar);
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            if (places.size() + links.size() == MOST_FILES) {
                throw new IOException("it holds more than " + MOST_FILES + " files");
            }
            String path = utf8(entry.path());
            if (entry.isPlainFile()) {
                if (reader.position() + entry.size() > end) {
                    throw new IOException("it is cut off");
                }
                places.put(path, new Place(reader.position(), entry.size()));
            } else if (entry.type() == TarEntry.SYMBOLIC_LINK) {
                links.put(path, utf8(TarEntry.clean(entry.name() + "/../" + entry.linkName())));
            } else if (entry.type() == TarEntry.HARD_LINK) {
                links.put(path, utf8(TarEntry.clean(entry.linkName())));
            }
        }
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public boolean has(String name) {
        return find(name) != null;
    }

    @Override
    public InputStream open(String name) throws IOException {
        Place place = find(name);
        if (place == null) {
            throw new NoSuchFileException(name);
        }
        SeekableByteChannel channel = Files.newByteChannel(tar);
        channel.position(place.offset());
        return new Part(Channels.newInputStream(channel), place.size());
    }

    private @Nullable Place find(String name) {
        String path = TarEntry.clean(name);
        for (int hops = 0; hops < MOST_LINKS_IN_A_ROW; hops++) {
            Place place = places.get(path);
            String target = links.get(path);
            if (place != null || target == null) {
                return place;
            }
            path = target;
        }
        return null;
    }

    /** The next bytes of a stream, as many as a file has. */
    private static final class Part extends BlockInputStream {
        private final InputStream whole;
        private long left;

        Part(InputStream whole, long size) {
            this.whole = whole;
            this.left = size;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = whole.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }

        @Override
        public void close() throws IOException {
            whole.close();
        }
    }
}
