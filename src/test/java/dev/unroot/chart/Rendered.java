package dev.unroot.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;

/**
 * What the chart makes of some values.
 *
 * @param objects what an install creates
 * @param hooks what only tests and uninstalling create, for a moment
 */
public record Rendered(List<JsonNode> objects, List<JsonNode> hooks) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a renderer printed. */
    public static Rendered parse(String yaml) {
        List<JsonNode> objects = new ArrayList<>();
        List<JsonNode> hooks = new ArrayList<>();
        for (Object document : new Yaml().loadAll(yaml)) {
            if (document != null) {
                JsonNode object = JSON.valueToTree(document);
                boolean isHook = object.at("/metadata/annotations").has("helm.sh/hook");
                (isHook ? hooks : objects).add(object);
            }
        }
        return new Rendered(objects, hooks);
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
