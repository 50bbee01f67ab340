package dev.unroot.registry.cache;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.model.Confidence;
import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.registry.documents.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of one image, as a line of JSON. */
final class FactsLine {
    private static final int DEEPEST = 10;

    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build());

    private FactsLine() {}

    /** @return null for what would not be read back as it is */
    static byte @Nullable [] write(ImageKey.Entry entry) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("digest", entry.key().digest());
        write(line.putArray("platforms"), entry.key().platforms());
        ArrayNode users = line.putArray("users");
        for (PlatformUser user : entry.facts().users()) {
            ObjectNode json =
                    UserJson.write(user.user()).put("platform", user.platform().toString());
            if (!user.runtimes().isEmpty()) {
                ArrayNode runtimes = json.putArray("runtimes");
                user.runtimes().forEach(runtime -> runtimes.add(runtime.label()));
            }
            users.add(json);
        }
        write(line.putArray("missing"), entry.facts().missing());
        byte[] bytes = JSON.writeValueAsBytes(line);
        try {
            return read(bytes).equals(entry) ? bytes : null;
        } catch (IOException unreadable) {
            return null;
        }
    }

    private static void write(ArrayNode list, List<Platform> platforms) {
        platforms.forEach(platform -> list.add(platform.toString()));
    }

    /** @throws IOException where it is not what {@link #write} writes */
    static ImageKey.Entry read(byte[] line) throws IOException {
        JsonNode json = JSON.readTree(line);
        String digest = text(json, "digest");
        if (!Digest.isDigest(digest)) {
            throw new IOException("a digest is none");
        }
        List<PlatformUser> users = new ArrayList<>();
        for (JsonNode user : json.path("users")) {
            users.add(new PlatformUser(
                    platform(text(user, "platform")), UserJson.read(user), runtimes(user.path("runtimes"))));
        }
        if (users.isEmpty()) {
            throw new IOException("an image has no users");
        }
        return new ImageKey.Entry(
                new ImageKey(digest, platforms(json.path("platforms"))),
                new ImageFacts.Known(digest, Confidence.DIGEST, users, platforms(json.path("missing"))));
    }

    private static List<ContainerRuntime> runtimes(JsonNode list) throws IOException {
        List<ContainerRuntime> runtimes = new ArrayList<>();
        for (JsonNode label : list) {
            runtimes.add(Stream.of(ContainerRuntime.values())
                    .filter(runtime -> runtime.label().equals(label.asText()))
                    .findFirst()
                    .orElseThrow(() -> new IOException("it has a runtime that there is not")));
        }
        return runtimes;
    }

    private static List<Platform> platforms(JsonNode list) throws IOException {
        List<Platform> platforms = new ArrayList<>();
        for (JsonNode platform : list) {
            platforms.add(platform(platform.asText()));
        }
        return platforms;
    }

    private static Platform platform(String text) throws IOException {
        try {
            return Platform.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IOException("a platform is none", e);
        }
    }

    static String text(JsonNode json, String field) throws IOException {
        JsonNode value = json.get(field);
        if (value == null || !value.isTextual()) {
            throw new IOException("it has no " + field);
        }
        return value.textValue();
    }
}
