package dev.unroot.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The chart, rendered as {@code helm template unroot charts/unroot --namespace unroot} does. */
public final class Chart {
    public static final Path FOLDER = Path.of("charts/unroot");
    /** The oldest Kubernetes it is for. */
    static final String OLDEST_KUBERNETES = "1.28.0";

    static final String NAMESPACE = "unroot";
    static final String IMAGE = "image: {repository: registry.example/unroot}\n";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Chart() {}

    /** Example values, one feature each. */
    public static List<Path> matrix() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("ci"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rendered text. @throws IllegalStateException with Helm's message */
    static String template(Path values) {
        TemplateCommand command = new Helm(FOLDER)
                .template()
                .withName("unroot")
                .withNamespace(NAMESPACE)
                .withKubeVersion(OLDEST_KUBERNETES);
        return command.withValuesFile(values).call();
    }

    /** @param values YAML, with or without the image, which every rendering needs */
    public static Rendered render(String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values.contains("image:") ? values : IMAGE + values);
                return Rendered.parse(template(file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code helm lint --strict}, which the library cannot give values: they are merged into a copy's values.yaml. */
    static LintResult lint(Path values, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, folder.resolve(FOLDER.relativize(file).toString()));
            }
        }
        ObjectNode merged = (ObjectNode) yaml(FOLDER.resolve("values.yaml"));
        merge(merged, yaml(values));
        Files.writeString(folder.resolve("values.yaml"), merged.toString());
        return new Helm(folder).lint().strict().call();
    }

    private static void merge(ObjectNode into, JsonNode from) {
        from.properties().forEach(entry -> {
            JsonNode before = into.get(entry.getKey());
            if (before instanceof ObjectNode object && entry.getValue().isObject()) {
                merge(object, entry.getValue());
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }

    static JsonNode yaml(Path file) throws IOException {
        return JSON.valueToTree(new Yaml().load(Files.readString(file)));
    }
}
