package dev.unroot.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.model.Platform;
import dev.unroot.registry.documents.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Real images, made in a test: put some in, then write them as an OCI layout, or serve {@link #blob} and {@link #named}.
 *
 * <pre>{@code
 * TestImages images = new TestImages();
 * images.add("registry.example/app:2", new TestImage().user("app").passwd("app:x:1000:1000::/:/bin/sh\n"));
 * images.addIndex("registry.example/both:1", new TestImage(), new TestImage().platform("linux/arm64").user("7"));
 * Path layout = images.writeLayout(directory);
 * }</pre>
 */
public final class TestImages {
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What a name stands for.
     *
     * @param digest {@code sha256:…} of a manifest or index among the blobs
     */
    public record Named(String name, String digest, String mediaType, long size) {}

    private final Map<String, byte[]> blobs = new TreeMap<>();
    private final List<Named> names = new ArrayList<>();

    /** Adds an image under a full reference; returns its digest. */
    public String add(String name, TestImage image) {
        return name(name, put(image.mediaType(), image.store(this)));
    }

    /** Adds an index of images, each under the platform that its configuration names; returns its digest. */
    public String addIndex(String name, TestImage... images) {
        List<ObjectNode> entries = new ArrayList<>();
        for (TestImage image : images) {
            entries.add(entry(image, image.platform()));
        }
        return addIndex(name, entries);
    }

    /** Adds an index of entries as they are; returns its digest. */
    public String addIndex(String name, List<ObjectNode> entries) {
        return name(name, index(entries));
    }

    /** Stores an index; returns the descriptor to put into another one. */
    public ObjectNode index(List<ObjectNode> entries) {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.put("schemaVersion", 2);
        index.put("mediaType", OCI_INDEX);
        ArrayNode manifests = index.putArray("manifests");
        entries.forEach(manifests::add);
        return put(OCI_INDEX, json(index));
    }

    /** Stores an image; returns the entry of an index that declares no platform for it. */
    public ObjectNode entry(TestImage image) {
        return put(image.mediaType(), image.store(this));
    }

    /** Stores an image; returns the entry of an index that declares this platform for it. */
    public ObjectNode entry(TestImage image, Platform platform) {
        ObjectNode entry = entry(image);
        ObjectNode node = entry.putObject("platform");
        node.put("architecture", platform.architecture()).put("os", platform.os());
        if (!platform.variant().isEmpty()) {
            node.put("variant", platform.variant());
        }
        return entry;
    }

    /** Adds any bytes as a manifest; returns their digest. */
    public String addRaw(String name, String mediaType, String content) {
        return name(name, put(mediaType, content.getBytes(StandardCharsets.UTF_8)));
    }

    private String name(String name, ObjectNode descriptor) {
        Named named = new Named(
                name,
                descriptor.path("digest").asText(),
                descriptor.path("mediaType").asText(),
                descriptor.path("size").asLong());
        names.add(named);
        return named.digest();
    }

    public ObjectNode put(String mediaType, byte[] content) {
        String digest = Digest.of(content).toString();
        blobs.put(digest, content);
        return JsonNodeFactory.instance
                .objectNode()
                .put("mediaType", mediaType)
                .put("digest", digest)
                .put("size", content.length);
    }

    /** Everything stored, by digest. */
    public Map<String, byte[]> blobs() {
        return blobs;
    }

    /** Changes what is stored under a digest, so that it no longer has it. */
    public void corrupt(String digest, byte[] content) {
        blobs.put(digest, content);
    }

    public byte[] blob(String digest) {
        byte[] blob = blobs.get(digest);
        if (blob == null) {
            throw new IllegalArgumentException("no blob " + digest);
        }
        return blob;
    }

    /** All names in the order they were added. */
    public List<Named> names() {
        return List.copyOf(names);
    }

    /** What a name stands for; the last added counts. */
    public Named named(String name) {
        return names.stream()
                .filter(named -> named.name().equals(name))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IllegalArgumentException("no image " + name));
    }

    /** The files of an OCI layout, by name. */
    public Map<String, byte[]> layoutFiles() {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.put("schemaVersion", 2);
        ArrayNode manifests = index.putArray("manifests");
        for (Named named : names) {
            ObjectNode entry = manifests.addObject();
            entry.put("mediaType", named.mediaType());
            entry.put("digest", named.digest());
            entry.put("size", named.size());
            entry.putObject("annotations").put("org.opencontainers.image.ref.name", named.name());
        }
        files.put("index.json", json(index));
        blobs.forEach((digest, content) -> files.put("blobs/" + digest.replace(':', '/'), content));
        return files;
    }

    /** Writes an OCI layout into a directory, which is made if need be; returns it. */
    public Path writeLayout(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> file : layoutFiles().entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return directory;
    }

    /** Writes an OCI layout as a tar; returns it. */
    public Path writeTar(Path tar) throws IOException {
        return writeTar(tar, layoutFiles());
    }

    /** Writes files as a tar; returns it. */
    public static Path writeTar(Path path, Map<String, byte[]> files) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(path))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                var entry = TestLayer.entry(file.getKey(), TarConstants.LF_NORMAL);
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
        return path;
    }

    public static byte[] json(ObjectNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
