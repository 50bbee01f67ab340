package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.model.Level;
import dev.unroot.review.ModeLabels;
import dev.unroot.review.Modes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which webhook sees a namespace, for every mode, floor and label: Fail where Unroot may deny there, as Unroot itself
 * reads the label, and Ignore everywhere else, so that an outage neither opens a namespace nor closes another.
 */
class ChartSelectorsTest {
    private static final String ENFORCE = "unroot.dev/enforce";

    /** Every mode with every floor, and controllers that may be denied or not. */
    static Stream<Arguments> installations() {
        List<Arguments> all = new ArrayList<>();
        for (String mode : List.of("audit", "warn", "enforce")) {
            for (Level floor : Level.values()) {
                for (boolean workloads : new boolean[] {false, true}) {
                    all.add(Arguments.of(mode, floor, workloads));
                }
            }
        }
        return all.stream();
    }

    /** Absent, each level, and what is no level. */
    private static List<@Nullable String> labels() {
        List<@Nullable String> labels = new ArrayList<>();
        labels.add(null);
        for (Level level : Level.values()) {
            labels.add(level.label());
        }
        labels.addAll(List.of("", "None", "nonrot", "true"));
        return labels;
    }

    @ParameterizedTest(name = "mode {0}, floor {1}, workloads.enforce {2}")
    @MethodSource("installations")
    void failsClosedExactlyWhereUnrootMayDeny(String mode, Level floor, boolean workloads) {
        Rendered rendered = Chart.render("mode: " + mode + "\nlevel: hardened\nconfig: {floor: " + floor.label()
                + ", workloads: {enforce: " + workloads + "}}\n");
        Level unlabelled = mode.equals("enforce") ? Level.HARDENED : Level.NONE;
        Modes defaults = new Modes(unlabelled, Level.NONE, Level.NONE);
        for (String label : labels()) {
            Map<String, String> labelled = label == null ? Map.of() : Map.of(ENFORCE, label);
            Level enforced = ModeLabels.read(labelled, defaults, floor).modes().enforce();
            boolean invalid = label != null && Level.parse(label).isEmpty();
            Map<String, String> namespace = new HashMap<>(labelled);
            namespace.put("kubernetes.io/metadata.name", "shop");

            List<String> pods = policies(rendered, "pods.", namespace);
            List<String> controllers = policies(rendered, "controllers.", namespace);

            assertThat(pods).as("label %s enforces %s", label, enforced).isNotEmpty();
            assertThat(pods.contains("Fail"))
                    .as("label %s enforces %s", label, enforced)
                    .isEqualTo(enforced != Level.NONE);
            assertThat(controllers).isNotEmpty();
            assertThat(controllers.contains("Fail"))
                    .as("label %s enforces %s", label, enforced)
                    .isEqualTo(workloads && enforced != Level.NONE);
            // One call per pod; two only for a label that Unroot refuses to let anybody write.
            assertThat(pods).hasSizeLessThanOrEqualTo(invalid ? 2 : 1);
            assertThat(controllers).hasSizeLessThanOrEqualTo(invalid ? 2 : 1);
        }
    }

    @ParameterizedTest(name = "mode {0}, floor {1}, workloads.enforce {2}")
    @MethodSource("installations")
    void neverSeesWhereItRunsNorWhereTheClusterDoes(String mode, Level floor, boolean workloads) {
        Rendered rendered = Chart.render("mode: " + mode + "\nexcludedNamespaces: [cilium]\nconfig: {floor: "
                + floor.label() + ", workloads: {enforce: " + workloads + "}}\n");
        for (String excluded : List.of("kube-system", Chart.NAMESPACE, "cilium")) {
            for (String label : labels()) {
                Map<String, String> namespace = new HashMap<>(Map.of("kubernetes.io/metadata.name", excluded));
                if (label != null) {
                    namespace.put(ENFORCE, label);
                }
                assertThat(policies(rendered, "", namespace))
                        .as("%s labelled %s", excluded, label)
                        .isEmpty();
            }
        }
    }

    @Test
    void anAuditOnlyInstallCanBlockNobody() {
        for (String mode : List.of("audit", "warn")) {
            Rendered rendered = Chart.render("mode: " + mode + "\nconfig: {workloads: {enforce: true}}\n");
            Map<String, String> unlabelled = Map.of("kubernetes.io/metadata.name", "shop");
            assertThat(policies(rendered, "", unlabelled))
                    .containsOnly("Ignore")
                    .hasSize(3);
        }
    }

    /** Labels of the objects themselves are in their writers' hands. */
    @Test
    void objectsCannotSelectThemselvesOut() {
        assertThat(Chart.render("mode: enforce\n").webhooks()).noneMatch(webhook -> webhook.has("objectSelector"));
    }

    private static List<String> policies(Rendered rendered, String prefix, Map<String, String> namespace) {
        List<String> policies = new ArrayList<>();
        for (JsonNode webhook : rendered.webhooks()) {
            String name = webhook.path("name").asText();
            // It is called for what another one's condition leaves out, which ChartConditionsTest holds.
            if (name.startsWith(prefix)
                    && !name.equals("controllers.unchanged.unroot.dev")
                    && new Selector(webhook.path("namespaceSelector")).matches(namespace)) {
                policies.add(webhook.path("failurePolicy").asText());
            }
        }
        return policies;
    }
}
