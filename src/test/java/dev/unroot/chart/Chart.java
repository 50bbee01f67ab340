package dev.unroot.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
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
    public static final String OLDEST_KUBERNETES = "1.28.0";

    static final String NAMESPACE = "unroot";
    static final String IMAGE = "image: {repository: registry.example/unroot}\n";

    private static final String HOOK = "helm.sh/hook:";
    private static final String NO_HOOK = "helm.sh/no-hook:";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Path WITHOUT_HOOKS = withoutHooks();

    /** Becomes an object that holds what NOTES.txt says, which the library keeps to itself. */
    private static final String NOTES =
            "{kind: Notes, text: {{ include \"unroot/templates/NOTES.txt\" . | toJson }}}\n";

    private Chart() {}

    /** Example values, one feature each. */
    public static List<Path> matrix() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("ci"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Rendered text, hooks and all. @throws IllegalStateException with Helm's message
     *
     * <p>The library leaves hooks out, so what it renders is a copy in which they are none; in the text they are again.
     */
    static String template(Path values) {
        return template(WITHOUT_HOOKS, values);
    }

    private static String template(Path chart, Path values) {
        return template(chart, "unroot", NAMESPACE, values);
    }

    /** The same of another release, in another namespace. */
    static String template(String release, String namespace, Path values) {
        return template(WITHOUT_HOOKS, release, namespace, values);
    }

    private static String template(Path chart, String release, String namespace, Path values) {
        return new Helm(chart)
                .template()
                .withName(release)
                .withNamespace(namespace)
                .withKubeVersion(OLDEST_KUBERNETES)
                .withValuesFile(values)
                .call()
                .replace(NO_HOOK, HOOK);
    }

    private static Path withoutHooks() {
        try {
            Path copy = copyTo(Files.createTempDirectory("chart").resolve("unroot"));
            try (Stream<Path> files = Files.walk(copy.resolve("templates"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.writeString(file, Files.readString(file).replace(HOOK, NO_HOOK));
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param values YAML, with or without the image, which every rendering needs */
    public static Rendered render(String values) {
        return render(WITHOUT_HOOKS, values);
    }

    private static Rendered render(Path chart, String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values.contains("image:") ? values : IMAGE + values);
                return Rendered.parse(template(chart, file));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code helm install} prints in the end. */
    static String notes(String values) {
        Path chart = withoutHooks();
        try {
            Files.writeString(chart.resolve("templates/notes.yaml"), NOTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return render(chart, values).one("Notes").path("text").asText();
    }

    /** What it installs unless a tag is named. */
    static String version() {
        try {
            return yaml(FOLDER.resolve("Chart.yaml")).path("appVersion").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code helm lint --strict}, which the library cannot give values: they are merged into a copy's values.yaml. */
    static LintResult lint(Path values, Path folder) throws IOException {
        copyTo(folder);
        ObjectNode merged = (ObjectNode) yaml(FOLDER.resolve("values.yaml"));
        merge(merged, yaml(values));
        Files.writeString(folder.resolve("values.yaml"), merged.toString());
        return new Helm(folder).lint().strict().call();
    }

    private static Path copyTo(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(FOLDER.relativize(file).toString()));
            }
        }
        return folder;
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
