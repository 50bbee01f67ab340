package dev.unroot.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Images made by umoci and pushed by skopeo, the tools people use. */
public final class RealImages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private final Path folder;
    private final String registry;

    public RealImages(Path folder, String registry) throws IOException, InterruptedException {
        this.folder = folder;
        this.registry = registry;
        Programs.succeed(folder, "umoci", "init", "--layout", "layout");
    }

    /** Makes an image with a passwd in its lowest layer and something else above. */
    public void make(String tag, String user, String architecture, String passwd)
            throws IOException, InterruptedException {
        String image = "layout:" + tag;
        Path file = Files.writeString(folder.resolve("passwd"), passwd);
        Path other = Files.writeString(folder.resolve("hello"), "hello " + tag);
        Programs.succeed(folder, "umoci", "new", "--image", image);
        Programs.succeed(folder, "umoci", "insert", "--image", image, file.toString(), "/etc/passwd");
        Programs.succeed(folder, "umoci", "insert", "--image", image, other.toString(), "/srv/hello");
        Programs.succeed(
                folder,
                "umoci",
                "config",
                "--image",
                image,
                "--config.user",
                user,
                "--os",
                "linux",
                "--architecture",
                architecture);
    }

    /** Makes an index of one image per platform out of images made before. */
    public void index(String tag, String... tagsOfPlatforms) throws IOException {
        Path indexFile = folder.resolve("layout/index.json");
        ObjectNode layout = (ObjectNode) JSON.readTree(indexFile.toFile());
        ObjectNode index = JSON.createObjectNode().put("schemaVersion", 2).put("mediaType", INDEX);
        ArrayNode manifests = index.putArray("manifests");
        for (String tagOfPlatform : tagsOfPlatforms) {
            ObjectNode entry = entry(layout, tagOfPlatform).deepCopy();
            entry.remove("annotations");
            entry.putObject("platform").put("os", "linux").put("architecture", architecture(entry));
            manifests.add(entry);
        }
        byte[] bytes = JSON.writeValueAsBytes(index);
        String hex = sha256(bytes);
        Files.write(folder.resolve("layout/blobs/sha256").resolve(hex), bytes);
        ObjectNode entry = ((ArrayNode) layout.get("manifests")).addObject();
        entry.put("mediaType", INDEX).put("digest", "sha256:" + hex).put("size", bytes.length);
        entry.putObject("annotations").put("org.opencontainers.image.ref.name", tag);
        JSON.writeValue(indexFile.toFile(), layout);
    }

    private static ObjectNode entry(ObjectNode layout, String tag) {
        for (var entry : layout.get("manifests")) {
            if (entry.at("/annotations/org.opencontainers.image.ref.name")
                    .asText()
                    .equals(tag)) {
                return (ObjectNode) entry;
            }
        }
        throw new AssertionError("no image " + tag);
    }

    private String architecture(ObjectNode entry) throws IOException {
        var manifest = blob(entry.get("digest").asText());
        return blob(manifest.at("/config/digest").asText()).get("architecture").asText();
    }

    private com.fasterxml.jackson.databind.JsonNode blob(String digest) throws IOException {
        return JSON.readTree(
                folder.resolve("layout/blobs").resolve(digest.replace(':', '/')).toFile());
    }

    /** Pushes a tag and gives its reference; more arguments are skopeo's. */
    public String push(String tag, String... options) throws IOException, InterruptedException {
        String reference = registry + "/team/" + tag + ":1";
        String[] command = new String[options.length + 6];
        command[0] = "skopeo";
        command[1] = "copy";
        command[2] = "--all";
        command[3] = "--dest-tls-verify=false";
        System.arraycopy(options, 0, command, 4, options.length);
        command[options.length + 4] = "oci:layout:" + tag;
        command[options.length + 5] = "docker://" + reference;
        Programs.succeed(folder, command);
        return reference;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
