package dev.unroot.registry.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.users.ImageReader;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What is known of images by digest, in a file of lines of JSON: what it is and by which rules images were read, an image
 * each, and how many there were with the digest of all that came before. The digest finds damage; it is no signature:
 * whoever can write the file can make images in it what they like.
 *
 * <p>Holds neither references nor credentials: which image a tag names, and who may read it, the registry is asked again.
 * And no private image: there would be nothing left by which to tell whom it was served.
 */
final class FactsFile {
    private static final String FORMAT = "unroot.dev/image-users";
    /** 1 held private images too. */
    private static final int VERSION = 2;

    private static final int LONGEST_LINE = 64 * 1024;
    static final long MOST_BYTES = 32L << 20;

    private final Path path;

    /** @param path a directory: the file is {@code image-users.jsonl} in it */
    FactsFile(Path path) {
        this.path = Files.isDirectory(path) ? path.resolve("image-users.jsonl") : path;
    }

    Path path() {
        return path;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /**
     * @param most images
     * @return empty where there is no file
     * @throws IOException where there is one that cannot be used; says why
     */
    List<ImageKey.Entry> read(int most) throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        if (Files.size(path) > MOST_BYTES) {
            throw new IOException("it is larger than " + MOST_BYTES + " bytes");
        }
        MessageDigest hash = Digest.newSha256();
        List<ImageKey.Entry> entries = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            byte[] line = line(in);
            requireHeader(FactsLine.JSON.readTree(line));
            hash.update(line);
            for (line = line(in); ; line = line(in)) {
                JsonNode json = FactsLine.JSON.readTree(line);
                if (json.has("sha256")) {
                    requireFooter(json, entries.size(), hash);
                    return entries.size() > most ? entries.subList(0, most) : entries;
                }
                hash.update(line);
                entries.add(FactsLine.read(line));
            }
        }
    }

    private static void requireHeader(JsonNode header) throws IOException {
        if (!FORMAT.equals(header.path("format").asText())) {
            throw new IOException("it is no " + FORMAT);
        }
        if (header.path("version").asInt() != VERSION) {
            throw new IOException("it is of another version");
        }
        if (header.path("rules").asInt() != ImageReader.RULES) {
            throw new IOException("its images were read by other rules than today's");
        }
    }

    private static void requireFooter(JsonNode footer, int images, MessageDigest hash) throws IOException {
        String expected = Digest.of("sha256", hash.digest()).hex();
        if (footer.path("images").asInt() != images
                || !expected.equals(footer.path("sha256").asText())) {
            throw new IOException("it is damaged");
        }
    }

    /** With its end. */
    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n' && line.size() < LONGEST_LINE) {
            line.write(next);
            next = in.read();
        }
        if (next != '\n') {
            throw new IOException(next < 0 ? "it is cut off" : "it has a line that is too long");
        }
        line.write(next);
        return line.toByteArray();
    }

    /** Replaces the file as a whole, once all of it is on the disk: a crash leaves the old one or the new one. */
    void write(Collection<ImageKey.Entry> entries) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(folder, path.getFileName() + ".", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
                writeTo(out, entries);
                out.flush();
                channel.force(true);
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        if (folder != null) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private static void writeTo(OutputStream out, Collection<ImageKey.Entry> entries) throws IOException {
        MessageDigest hash = Digest.newSha256();
        long bytes = write(
                out,
                hash,
                FactsLine.JSON.writeValueAsBytes(FactsLine.JSON
                        .createObjectNode()
                        .put("format", FORMAT)
                        .put("version", VERSION)
                        .put("rules", ImageReader.RULES)));
        int images = 0;
        for (ImageKey.Entry entry : entries) {
            byte[] line = FactsLine.write(entry);
            if (line != null && line.length < LONGEST_LINE && bytes + line.length < MOST_BYTES - LONGEST_LINE) {
                bytes += write(out, hash, line);
                images++;
            }
        }
        out.write(FactsLine.JSON.writeValueAsBytes(FactsLine.JSON
                .createObjectNode()
                .put("images", images)
                .put("sha256", Digest.of("sha256", hash.digest()).hex())));
        out.write('\n');
    }

    private static long write(OutputStream out, MessageDigest hash, byte[] line) throws IOException {
        hash.update(line);
        hash.update((byte) '\n');
        out.write(line);
        out.write('\n');
        return line.length + 1L;
    }
}
