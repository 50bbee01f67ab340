package dev.unroot.registry.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.fuzz.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Manifests and indexes: what is taken for one has no second reading. */
class ImageDocumentFuzzTest {
    private static final String DIGEST = Digest.of(new byte[0]).toString();
    private static final String OTHER = Digest.of(new byte[] {1}).toString();
    static final List<String> SEEDS = List.of(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"digest\":\""
                    + DIGEST + "\",\"size\":2},\"layers\":[{\"digest\":\"" + OTHER + "\",\"size\":3,\"annotations\":{"
                    + "\"a\":\"b\"}}]}",
            "{\"manifests\":[{\"digest\":\"" + DIGEST + "\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\","
                    + "\"variant\":\"v7\"}},{\"digest\":\"" + OTHER + "\",\"platform\":null}]}");
    private static final List<String> WORDS = List.of(
            "\"config\":",
            "\"manifests\":[",
            "\"Layers\":[",
            "{\"digest\":\"" + OTHER + "\"}",
            "null",
            "]",
            "}",
            ",",
            "\"Digest\":\"" + OTHER + "\",",
            "\"schemaVersion\":1,",
            "\"urls\":[\"x\"],",
            "\"size\":-1,",
            "\"mediaType\":\"x\",");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatIsReadIsWhatAnotherReaderReads() {
        Fuzz.mutate(
                15_000,
                SEEDS.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                ImageDocumentFuzzTest::parse);
    }

    static void parse(byte[] json) {
        ImageDocument document;
        try {
            document = ImageDocumentParser.parse(json, null, Limits.DEFAULT);
        } catch (IOException malformed) {
            assertThat(GoJson.describe(malformed)).isNotBlank();
            return;
        }
        assertThat(digests(document)).isEqualTo(secondReading(json));
    }

    private static List<String> digests(ImageDocument document) {
        Stream<Descriptor> descriptors = document instanceof ImageDocument.Manifest manifest
                ? Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
                : ((ImageDocument.Index) document).entries().stream();
        return descriptors.map(descriptor -> descriptor.digest().toString()).toList();
    }

    /** With a tree, and only what stands under exactly the one key in any letter case. */
    private static List<String> secondReading(byte[] json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(new GoText(json));
        } catch (IOException impossible) {
            throw new AssertionError("read, but no JSON", impossible);
        }
        List<String> digests = new ArrayList<>();
        JsonNode config = only(tree, "config");
        if (config.isObject()) {
            digests.add(only(config, "digest").asText());
        }
        for (JsonNode descriptor : only(tree, config.isObject() ? "layers" : "manifests")) {
            digests.add(only(descriptor, "digest").asText());
        }
        return digests;
    }

    private static JsonNode only(JsonNode object, String key) {
        List<JsonNode> found = object.properties().stream()
                .filter(field -> field.getKey().toLowerCase(Locale.ROOT).equals(key))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(found).as(key).hasSizeLessThanOrEqualTo(1);
        return found.isEmpty() ? JSON.missingNode() : found.get(0);
    }
}
