package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart as a package: lint, versions, and values that a person can read. */
class ChartLintTest {
    @TempDir
    private Path folder;

    static Stream<Path> matrix() {
        return Chart.matrix().stream();
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void lintFindsNothing(Path values) throws IOException {
        LintResult result = Chart.lint(values, folder.resolve("unroot"));
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
    }

    @Test
    void isOfThisVersionOfUnroot() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String version = Pattern.compile("<version>([^<]+)</version>")
                .matcher(pom)
                .results()
                .toList()
                .get(0)
                .group(1);
        JsonNode chart = Chart.yaml(Chart.FOLDER.resolve("Chart.yaml"));
        assertThat(chart.path("appVersion").asText()).isEqualTo(version);
        assertThat(chart.path("version").asText()).isEqualTo(version);
        assertThat(chart.path("kubeVersion").asText()).isEqualTo(">=1.28.0-0");
    }

    /** One object each, and none in a folder but what {@code helm test} makes: found by its name, read from top to bottom. */
    @Test
    void templatesAreFlatAndMakeOneObjectEach() throws IOException {
        Path templates = Chart.FOLDER.resolve("templates");
        List<Path> manifests;
        try (Stream<Path> files = Files.walk(templates)) {
            manifests = files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }
        assertThat(manifests).hasSizeGreaterThan(20);
        for (Path manifest : manifests) {
            assertThat(manifest.getParent()).isIn(templates, templates.resolve("tests"));
            // What users write out themselves is not the chart's.
            boolean others = manifest.endsWith("extraobjects.yaml");
            assertThat(Files.readAllLines(manifest))
                    .as("%s", manifest)
                    .filteredOn(line -> line.startsWith("kind:"))
                    .hasSize(others ? 0 : 1);
        }
    }

    @Test
    void everyValueIsExplainedInFewLines() throws IOException {
        List<String> lines = Files.readAllLines(Chart.FOLDER.resolve("values.yaml"));
        assertThat(lines).hasSizeLessThan(250);
        Pattern value = Pattern.compile(" *[a-zA-Z]\\w*:.*");
        for (int line = 0; line < lines.size(); line++) {
            String text = lines.get(line);
            String above = line == 0 ? "" : lines.get(line - 1).strip();
            String below = line + 1 == lines.size() ? "" : lines.get(line + 1).strip();
            if (value.matcher(text).matches() && !isWithinResources(lines, line)) {
                assertThat(above.startsWith("#") || (text.endsWith(":") && below.startsWith("#")))
                        .as("line %s: %s", line + 1, text)
                        .isTrue();
            }
        }
    }

    /** As Kubernetes has them: explained together. */
    private static boolean isWithinResources(List<String> lines, int line) {
        return line > 0
                && lines.get(line).startsWith("  ")
                && lines.subList(Math.max(0, line - 2), line).contains("resources:");
    }

    /** A value that the schema does not know could not be set, and one that is only in the schema would be a secret. */
    @Test
    void schemaAndValuesHaveTheSameKeys() throws IOException {
        JsonNode schema = Chart.yaml(Chart.FOLDER.resolve("values.schema.json"));
        JsonNode values = Chart.yaml(Chart.FOLDER.resolve("values.yaml"));
        // Not set by default, or Helm's own.
        compare("", schema, values, Set.of("/pullSecrets", "/global", "/image/repository", "/config"));
    }

    private static void compare(String path, JsonNode schema, JsonNode values, Set<String> exceptions) {
        Set<String> keys = new TreeSet<>();
        schema.path("properties").fieldNames().forEachRemaining(key -> {
            boolean refused =
                    schema.at("/properties/" + key + "/const").asText().startsWith("left out");
            if (!refused && !exceptions.contains(path + "/" + key)) {
                keys.add(key);
            }
        });
        Set<String> known = new TreeSet<>();
        values.fieldNames().forEachRemaining(known::add);
        known.removeIf(key -> exceptions.contains(path + "/" + key));
        assertThat(known).as("values at \"%s\"", path).isEqualTo(keys);
        assertThat(schema.path("additionalProperties").asBoolean(true))
                .as("unknown keys at \"%s\"", path)
                .isFalse();
        for (String key : keys) {
            JsonNode below = schema.path("properties").path(key);
            if (below.has("properties") && !values.path(key).isEmpty()) {
                compare(path + "/" + key, below, values.path(key), exceptions);
            }
        }
    }
}
