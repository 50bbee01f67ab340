package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No API group, kind or field that Kubernetes 1.28, the oldest that the chart is for, does not have. */
class ChartKubernetesTest {
    /** Others' kinds, each behind a value. */
    private static final Set<String> OTHERS = Set.of(
            "cert-manager.io/v1 Certificate",
            "cert-manager.io/v1 Issuer",
            "monitoring.coreos.com/v1 ServiceMonitor",
            "monitoring.coreos.com/v1 PrometheusRule");

    private static final Set<String> KINDS_WITH_PODS = Set.of("apps/v1 Deployment", "batch/v1 Job");
    private static final Map<String, Set<String>> KNOWN = new HashMap<>();

    @BeforeAll
    static void readFields() throws IOException {
        String kind = "";
        for (String line : Files.readAllLines(Path.of("src/test/resources/chart/kubernetes-1.28-fields.txt"))) {
            if (line.startsWith("  ")) {
                KNOWN.computeIfAbsent(kind, fresh -> new HashSet<>()).add(line.strip());
            } else if (!line.startsWith("#")) {
                kind = line;
            }
        }
    }

    static Stream<Path> matrix() {
        return Chart.matrix().stream();
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void everyFieldIsInTheOldestKubernetes(Path values) {
        Rendered rendered = Rendered.parse(Chart.template(values));
        assertThat(rendered.objects()).hasSizeGreaterThan(8);
        List<JsonNode> all = new ArrayList<>(rendered.objects());
        all.addAll(rendered.hooks());
        for (JsonNode object : all) {
            assertThat(unknown(object)).as("%s of %s", kind(object), values).isEmpty();
        }
    }

    @Test
    void othersKindsAreOnlyThereWhenAskedFor() {
        assertThat(Chart.render("").objects()).noneMatch(object -> OTHERS.contains(kind(object)));
    }

    /** The comparison itself finds what is too new. */
    @Test
    void newerFieldsAreFound() {
        assertThat(unknown(Rendered.parse("""
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingWebhookConfiguration
                        metadata: {name: a, labels: {any.thing/here: b}}
                        webhooks: [{name: a, matchCondition: [{name: a}]}]
                        """).objects().get(0)))
                .containsExactly("webhooks[].matchCondition", "webhooks[].matchCondition[].name");
        assertThat(unknown(Rendered.parse("""
                        apiVersion: apps/v1
                        kind: Deployment
                        spec: {template: {spec: {hostUsers: false, initContainers: [{name: a, restartPolicy: Always}]}}}
                        """).objects().get(0)))
                .containsExactly("spec.template.spec.hostUsers", "spec.template.spec.initContainers[].restartPolicy");
        assertThat(unknown(Rendered.parse("{apiVersion: admissionregistration.k8s.io/v1, kind: Unheard}")
                        .objects()
                        .get(0)))
                .containsExactly("admissionregistration.k8s.io/v1 Unheard");
    }

    private static String kind(JsonNode object) {
        return object.path("apiVersion").asText() + " " + object.path("kind").asText();
    }

    private static Set<String> unknown(JsonNode object) {
        String kind = kind(object);
        if (OTHERS.contains(kind)) {
            return Set.of();
        }
        if (!KNOWN.containsKey(kind)) {
            return Set.of(kind);
        }
        Set<String> unknown = new TreeSet<>();
        visit(object, kind, "", unknown);
        unknown.removeAll(Set.of("apiVersion", "kind"));
        return unknown;
    }

    private static void visit(JsonNode node, String kind, String path, Set<String> unknown) {
        if (node.isArray()) {
            node.forEach(element -> visit(element, kind, path + "[]", unknown));
            return;
        }
        boolean map = isKnown(kind, path + ".*");
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String below = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            if (!map && !isKnown(kind, below)) {
                unknown.add(below);
            }
            visit(entry.getValue(), kind, below, unknown);
        }
    }

    private static boolean isKnown(String kind, String path) {
        String owner = kind;
        String field = path;
        if (KINDS_WITH_PODS.contains(kind) && path.startsWith("spec.template.")) {
            owner = "v1 Pod";
            field = path.substring("spec.template.".length());
        }
        return KNOWN.get(owner).contains(field.replace("initContainers[]", "containers[]"));
    }
}
