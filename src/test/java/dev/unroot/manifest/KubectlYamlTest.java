package dev.unroot.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** YAML reads as kubectl reads it: row by row against the answers of the library that kubectl uses. */
class KubectlYamlTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<JsonNode> rows() throws IOException {
        try (InputStream table = KubectlYamlTest.class.getResourceAsStream("/manifest/kubectl-yaml.json")) {
            List<JsonNode> rows = new ArrayList<>();
            JSON.readTree(table).get("rows").forEach(rows::add);
            assertThat(rows).hasSizeGreaterThan(400);
            return rows.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void readsAsKubectlDoes(JsonNode row) throws IOException {
        byte[] yaml = row.get("yaml").textValue().getBytes(StandardCharsets.UTF_8);
        compare(row, CollectedDocuments.of(yaml));
    }

    /** As what is longer is read; there alone a tab must not separate. */
    @ParameterizedTest
    @MethodSource("rows")
    void readsItAsAStreamTheSameWay(JsonNode row) throws IOException {
        String yaml = row.get("yaml").textValue();
        List<YamlDocument> documents = CollectedDocuments.of(yaml.getBytes(StandardCharsets.UTF_8), 0);
        if (!yaml.contains("\t") || documents.isEmpty() || documents.get(0) instanceof YamlDocument.Parsed) {
            compare(row, documents);
        }
    }

    private static void compare(JsonNode row, List<YamlDocument> documents) throws IOException {
        if (row.has("error")) {
            assertThat(documents.get(0)).isInstanceOf(YamlDocument.Broken.class);
        } else {
            // kubectl's library looks at the first document only; an empty one is null.
            JsonNode read = documents.isEmpty() ? NullNode.instance : tree(documents.get(0));
            assertThat(read).isEqualTo(canonical(row.get("json")));
        }
    }

    private static JsonNode tree(YamlDocument document) throws IOException {
        assertThat(document).isInstanceOf(YamlDocument.Parsed.class);
        try (JsonParser tokens = NodeTokens.of(((YamlDocument.Parsed) document).root())) {
            return canonical(JSON.readTree(tokens));
        }
    }

    /** The same Java types for the same JSON: one pass through its text. */
    private static JsonNode canonical(JsonNode node) throws IOException {
        return JSON.readTree(JSON.writeValueAsString(node).replace("\":-0}", "\":0}"));
    }
}
