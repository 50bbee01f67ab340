package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** What people name stays the text that it is, however YAML would read it. */
class ChartNamesTest {
    /** A name that YAML has no other reading of; where it stands is where the others have to. */
    private static final String PLAIN = "zzz";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every place that takes a name, with all that makes objects switched on, as often as sources exclude each other. */
    private static final String NAMES = """
            image: {repository: NAME, tag: "NAME", pullSecrets: [{name: "NAME"}]}
            excludedNamespaces: ["NAME"]
            pullSecrets: {namespaces: ["NAME"]}
            nameOverride: "NAME"
            commonLabels: {common: "NAME"}
            podLabels: {pod: "NAME"}
            podAnnotations: {pod: "NAME"}
            service: {annotations: {service: "NAME"}}
            priorityClassName: "NAME"
            runtimeClassName: "NAME"
            nodeSelector: {node: "NAME"}
            extraEnv: [{name: A, value: "NAME"}]
            webhook:
              annotations: {webhook: "NAME"}
              labels: {webhook: "NAME"}
              resources: {Kind: "NAME"}
            config:
              workloads: {custom: [{apiVersion: "zz.example/v1", kind: Kind, podTemplate: spec}]}
              exemptions: {namespaces: ["NAME"], usernames: ["NAME"], runtimeClasses: ["NAME"]}
            serviceMonitor: {enabled: true, labels: {monitor: "NAME"}, namespace: "NAME"}
            prometheusRule: {enabled: true, labels: {rule: "NAME"}, namespace: "NAME"}
            dashboard: {enabled: true, labels: {dashboard: "NAME"}, namespace: "NAME"}
            uninstallJob: true
            hostAliases: [{ip: 10.0.0.7, hostnames: ["NAME"]}]
            """;

    private static final List<String> SOURCES = List.of(
            "serviceAccount: {create: false, name: \"NAME\"}",
            "pullSecrets: cluster\nserviceAccount: {annotations: {account: \"NAME\"}}",
            "certificates: {source: cert-manager}",
            "certificates: {source: cert-manager, certManager: {issuerRef: {name: \"NAME\", kind: \"NAME\"}}}",
            "certificates: {source: existing-secret, existingSecret: {name: \"NAME\", caBundle: '-----BEGIN CERTIFICATE-----'}}");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1234",
                "1e3",
                "1e-3",
                "on",
                "off",
                "yes",
                "no",
                "y",
                "n",
                "true",
                "false",
                "null",
                "0x10",
                "0o17",
                "0b1",
                "08",
                "017",
                "0",
                "00",
                "2001-01-01",
                "12e03"
            })
    void areTextsWhereverTheyStand(String name) throws IOException {
        for (String source : SOURCES) {
            String fullName = name.matches("[a-z].*") ? name : "fine";
            String plain = template(PLAIN, fullName.equals(name) ? PLAIN : fullName, source);
            String named = template(name, fullName, source);
            assertThat(unquoted(named, name)).as("%s, %s", name, source).isEmpty();
            assertThat(objects(named)).as("%s, %s", name, source).isEqualTo(renamed(objects(plain), name));
        }
    }

    @Test
    void theReleasesOwnNameIsEveryObjects() throws IOException {
        String values = "image: {repository: r.example/u}\n";
        for (String name : List.of("on", "y", "null", "true")) {
            String text = Chart.template(name, name, values(values));
            assertThat(unquoted(text, name)).isEmpty();
            assertThat(objects(text)).isEqualTo(renamed(objects(Chart.template(PLAIN, PLAIN, values(values))), name));
        }
        for (String name : List.of("1234", "0x10", "my.release")) {
            assertThatThrownBy(() -> Chart.template(name, "unroot", values(values)))
                    .hasMessageContaining("the release's name " + name + " cannot be a Service's")
                    .hasMessageContaining("set fullnameOverride");
        }
    }

    private String template(String name, String fullName, String source) throws IOException {
        StringBuilder values = new StringBuilder();
        // Of a key that both have, the source's counts.
        String own = source.substring(0, source.indexOf(':') + 1);
        NAMES.lines()
                .filter(line -> !line.startsWith(own))
                .forEach(line -> values.append(line).append('\n'));
        values.append(source).append("\nfullnameOverride: \"").append(fullName).append("\"\n");
        return Chart.template(
                name,
                name,
                values(values.toString()
                        .replace("NAME", name)
                        .replace("repository: " + name, "repository: \"" + name + "\"")));
    }

    private Path values(String text) throws IOException {
        return Files.writeString(folder.resolve("values.yaml"), text);
    }

    /** Lines on which the name stands by itself and not in quotes: whoever reads it decides what it is. */
    private static List<String> unquoted(String yaml, String name) {
        List<String> places = new ArrayList<>();
        ParserImpl events = new ParserImpl(new StreamReader(yaml), new LoaderOptions());
        for (Event event = events.getEvent(); !event.is(Event.ID.StreamEnd); event = events.getEvent()) {
            if (event instanceof ScalarEvent scalar
                    && scalar.getScalarStyle() == ScalarStyle.PLAIN
                    && scalar.getValue().equals(name)) {
                places.add(yaml.lines()
                        .skip(scalar.getStartMark().getLine())
                        .findFirst()
                        .orElseThrow());
            }
        }
        // What the chart itself writes: no name of anybody's.
        places.removeIf(line -> line.matches(" *(- )?[a-zA-Z]+: (true|false)|      maxUnavailable: 0"));
        return places;
    }

    private static ArrayNode objects(String yaml) {
        ArrayNode objects = JSON.createArrayNode();
        for (Object document : new Yaml().loadAll(yaml)) {
            if (document != null) {
                JsonNode object = JSON.valueToTree(document);
                if (object.at("/data") instanceof ObjectNode data && data.has("config.yaml")) {
                    data.set("config.yaml", objects(data.path("config.yaml").asText()));
                }
                // What the checksum is of is compared itself.
                if (object.at("/spec/template/metadata/annotations") instanceof ObjectNode annotations) {
                    annotations.remove("unroot.dev/configuration");
                }
                objects.add(object);
            }
        }
        return objects;
    }

    /** With the other name for the plain one. */
    private static JsonNode renamed(JsonNode node, String name) {
        if (node instanceof ObjectNode object) {
            ObjectNode renamed = JSON.createObjectNode();
            object.properties().forEach(entry -> renamed.set(entry.getKey(), renamed(entry.getValue(), name)));
            return renamed;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode renamed = JSON.createArrayNode();
            array.forEach(element -> renamed.add(renamed(element, name)));
            return renamed;
        }
        return node.isTextual() ? TextNode.valueOf(node.asText().replace(PLAIN, name)) : node;
    }
}
