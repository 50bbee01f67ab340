package dev.unroot.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/** The objects that the chart makes of some values. */
public record Rendered(List<JsonNode> objects) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Rendered parse(String yaml) {
        List<JsonNode> objects = new ArrayList<>();
        for (Object document : new Yaml().loadAll(yaml)) {
            if (document != null) {
                objects.add(JSON.valueToTree(document));
            }
        }
        return new Rendered(objects);
    }

    public List<JsonNode> all(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    /** The one object of this kind. */
    public JsonNode one(String kind) {
        List<JsonNode> found = all(kind);
        if (found.size() != 1) {
            throw new AssertionError("there are " + found.size() + " of kind " + kind);
        }
        return found.get(0);
    }

    JsonNode container() {
        return one("Deployment").at("/spec/template/spec/containers/0");
    }

    /** Unroot's configuration file. */
    public String configuration() {
        return all("ConfigMap").stream()
                .map(map -> map.path("data").path("config.yaml"))
                .filter(JsonNode::isTextual)
                .findFirst()
                .orElseThrow()
                .asText();
    }

    List<JsonNode> webhooks() {
        return elements(one("ValidatingWebhookConfiguration").path("webhooks"));
    }

    static List<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    static List<String> texts(JsonNode array) {
        return elements(array).stream().map(JsonNode::asText).toList();
    }
}
