package dev.unroot.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.common.Quantities;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Every key has one default and one pair of bounds: what the reader takes, the chart's schema has, and the page says. The keys
 * and their bounds are asked of the reader itself, by unknown keys and by values that are too small and too large.
 */
class ConfigurationKeysTest {
    private static final String HEAD = "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n";
    /** What has to be beside a key before it may be written. */
    private static final Map<String, String> BESIDE = Map.of(
            "registries", "host: a.example",
            "custom", "apiVersion: a.example/v1, kind: A, podTemplate: spec.template",
            "certificates", "secret: a, service: b, webhookConfiguration: c");

    private static final List<String> TOO_SMALL_OR_LARGE = List.of("-1", "0", "999999999999999999", "99999h");
    /** Of which each key takes one that is not its default. */
    private static final List<String> OTHERS = List.of(
            "1", "1Mi", "1ms", "10s", "87600h", "true", "explicit", "strict", "warn", "[linux/s390x]", "[a.example/b]");

    private static final Pattern FROM_TO =
            Pattern.compile("(?:must be|number) (?:from|between) (\\S+) (?:to|and) (\\S+)");
    private static final Pattern AT_MOST = Pattern.compile("must be (\\S+) at most");

    static List<String> keys() {
        return DocumentedKeysTest.keys().stream()
                .filter(key -> !key.equals("kind"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void readerSchemaAndPageAgree(String key) throws Exception {
        String standard = onPage(key);
        String bounds = bounds(key);
        JsonNode schema = schema(key);
        if (!schema.has("const")) {
            assertThat(text(schema.get("default"))).as("default in the schema").isEqualTo(standard);
        }
        if (standard == null) {
            assertThat(bounds)
                    .as("bounds of a key whose default the page does not say")
                    .isEmpty();
            return;
        }
        assertThat(read(key, standard)).as("read as on the page").isEqualTo(read(key, null));
        assertThat(OTHERS.stream().filter(other -> !other.equals(standard)).map(other -> isAnother(key, other)))
                .as("another value")
                .contains(true);
        assertThat(boundsOnPage(key, standard)).as("bounds on the page").isEqualTo(bounds);
        boolean isNumber = isNumber(bounds);
        assertThat(schema.has("minimum") && schema.has("maximum"))
                .as("bounds in the schema")
                .isEqualTo(isNumber);
        if (isNumber) {
            assertThat(Stream.of(bounds.split(" to ")).map(Quantities::bytes))
                    .as("bounds in the schema")
                    .containsExactly(
                            schema.get("minimum").asLong(),
                            schema.get("maximum").asLong());
        }
    }

    @Test
    void theSchemaHasNoKeyThatIsNotTheReaders() throws IOException {
        List<String> inSchema = new ArrayList<>();
        collect(
                new ObjectMapper()
                        .readTree(Path.of("charts/unroot/values.schema.json").toFile())
                        .at("/properties/config"),
                "",
                inSchema);

        assertThat(DocumentedKeysTest.keys()).containsAll(inSchema);
        assertThat(inSchema).contains("imageLookup.registries.host", "shutdown.drainDelay");
    }

    private static void collect(JsonNode schema, String path, List<String> into) {
        JsonNode section = schema.at("/items").has("properties") ? schema.get("items") : schema;
        section.path("properties").properties().forEach(key -> {
            if (!key.getKey().equals("apiVersion") || !path.isEmpty()) {
                into.add(path + key.getKey());
                collect(key.getValue(), path + key.getKey() + ".", into);
            }
        });
    }

    private static boolean isNumber(String bounds) {
        return bounds.matches("[0-9]+(Ki|Mi|Gi)? to .*");
    }

    /** The keys whose values are numbers, by what the reader says of their bounds. */
    static List<String> numbers() {
        return keys().stream().filter(key -> isNumber(bounds(key))).toList();
    }

    /** Null where the page has nothing for it, or nothing but what is empty. */
    private static @Nullable String onPage(String key) throws IOException {
        String name = key.substring(key.lastIndexOf('.') + 1);
        if (key.startsWith("imageLookup.registries.")) {
            return first(" +" + name + ": .* # default: (\\S+)");
        }
        if (key.startsWith("certificates.")) {
            return first("# +" + name + ": (\\S+) # .*");
        }
        Node node = new Yaml().compose(new StringReader(block()));
        for (String part : key.split("\\.", -1)) {
            Node parent = node;
            node = parent instanceof MappingNode mapping ? value(mapping, part) : null;
        }
        if (node instanceof SequenceNode list) {
            return list.getValue().isEmpty()
                    ? null
                    : list(list.getValue().stream(), item -> ((ScalarNode) item).getValue());
        }
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    private static @Nullable Node value(MappingNode mapping, String key) {
        return mapping.getValue().stream()
                .filter(entry -> ((ScalarNode) entry.getKeyNode()).getValue().equals(key))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }

    private static String boundsOnPage(String key, String standard) throws IOException {
        String name = key.substring(key.lastIndexOf('.') + 1);
        String found = first("[# ]*" + name + ": " + Pattern.quote(standard) + " # (?!default)(.*)");
        return found == null ? "" : found;
    }

    private static @Nullable String first(String line) throws IOException {
        return Pattern.compile("(?m)^" + line + "$")
                .matcher(Files.readString(Path.of("docs/configuration.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElse(null);
    }

    private static String block() throws IOException {
        return Pattern.compile("(?ms)^```yaml\n(.*?)^```$")
                .matcher(Files.readString(Path.of("docs/configuration.md")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode schema(String key) throws IOException {
        JsonNode node = new ObjectMapper()
                .readTree(Path.of("charts/unroot/values.schema.json").toFile())
                .at("/properties/config");
        for (String part : key.split("\\.", -1)) {
            node = node.has("const") ? node : node.path("properties").path(part);
            node = node.at("/items").has("properties") ? node.get("items") : node;
        }
        return node;
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        return value.isArray()
                ? list(StreamSupport.stream(value.spliterator(), false), JsonNode::asText)
                : value.asText();
    }

    private static <T> String list(Stream<T> items, Function<T, String> text) {
        return items.map(text).collect(Collectors.joining(", ", "[", "]"));
    }

    /** As the page writes them; empty where there are none. */
    private static String bounds(String key) {
        TreeSet<String> bounds = new TreeSet<>();
        for (String value : TOO_SMALL_OR_LARGE) {
            try {
                read(key, value);
            } catch (ConfigurationException e) {
                String told = String.valueOf(e.getMessage());
                FROM_TO.matcher(told).results().forEach(match -> bounds.add(match.group(1) + " to " + match.group(2)));
                AT_MOST.matcher(told).results().forEach(match -> bounds.add("at most " + match.group(1)));
                if (told.contains("must be more than zero")) {
                    bounds.add("more than zero");
                }
            }
        }
        return String.join(", ", bounds);
    }

    private static boolean isAnother(String key, String value) {
        try {
            return !read(key, value).equals(read(key, null));
        } catch (ConfigurationException e) {
            return false;
        }
    }

    /**
     * What a file means that has this key alone, but for that it is written at all.
     *
     * @param value null to leave the key away
     */
    private static String read(String key, @Nullable String value) throws ConfigurationException {
        String[] parts = key.split("\\.", -1);
        String text = "";
        if (value != null) {
            text = parts[parts.length - 1] + ": "
                    + (value.startsWith("[")
                            ? value.replace("[", "['").replace(", ", "', '").replace("]", "']")
                            : "'" + value + "'");
        }
        for (int i = parts.length - 2; i >= 0; i--) {
            String beside = BESIDE.getOrDefault(parts[i], "");
            String all = Stream.of(beside, text).filter(one -> !one.isEmpty()).collect(Collectors.joining(", "));
            boolean isList = parts[i].equals("registries") || parts[i].equals("custom");
            text = parts[i] + (isList ? ": [{" : ": {") + all + (isList ? "}]" : "}");
        }
        return ConfigurationFile.parse(HEAD + text, "unroot.yaml")
                .toString()
                .replace("enforceDefault=NONE", "enforceDefault=null")
                .replace("platformsWritten=true", "platformsWritten=false");
    }
}
