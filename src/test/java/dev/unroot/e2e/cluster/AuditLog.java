package dev.unroot.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The API server's audit log: an event per request, a line each. */
record AuditLog(Path file) {
    private static final ObjectMapper JSON = new ObjectMapper();

    List<JsonNode> events(Predicate<JsonNode> wanted) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> !line.isBlank())
                    .map(AuditLog::parse)
                    .filter(wanted)
                    .toList();
        }
    }

    /** The newest event about this object; an event may be written a moment after the answer that it tells of. */
    JsonNode last(String verb, String resource, String namespace, String name) throws InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        Eventually.await(
                "an audit event of " + verb + " " + resource + " " + namespace + "/" + name + " in " + file,
                () -> found.addAll(events(event -> event.at("/verb").asText().equals(verb)
                        && event.at("/objectRef/resource").asText().equals(resource)
                        && event.at("/objectRef/namespace").asText().equals(namespace)
                        && event.at("/objectRef/name").asText().equals(name))));
        return found.get(found.size() - 1);
    }

    /** What Unroot annotated, without its webhook's name before the key. */
    static Map<String, String> annotations(JsonNode event) {
        Map<String, String> annotations = new LinkedHashMap<>();
        event.path("annotations").properties().forEach(annotation -> {
            int slash = annotation.getKey().indexOf('/');
            if (slash > 0 && annotation.getKey().substring(0, slash).endsWith(".unroot.dev")) {
                annotations.put(
                        annotation.getKey().substring(slash + 1),
                        annotation.getValue().asText());
            }
        });
        return annotations;
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            // The last line may still be written.
            return JSON.missingNode();
        }
    }
}
