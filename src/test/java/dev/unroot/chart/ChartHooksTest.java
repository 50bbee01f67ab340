package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code helm test} and uninstalling with Helm 3 run. */
class ChartHooksTest {
    private final Rendered rendered = Chart.render("uninstallJob: true\nmode: audit\n");

    private JsonNode hook(String kind, String suffix) {
        return rendered.hooks().stream()
                .filter(hook -> hook.path("kind").asText().equals(kind)
                        && hook.at("/metadata/name").asText().endsWith(suffix))
                .findFirst()
                .orElseThrow();
    }

    /** In a namespace that Unroot is asked about and that enforces, whatever the mode. */
    @Test
    void theTestAsksWhereSomethingIsEnforced() {
        JsonNode namespace = hook("Namespace", "-test");
        Map<String, String> labels = Map.of(
                "kubernetes.io/metadata.name", namespace.at("/metadata/name").asText(),
                "unroot.dev/enforce",
                        namespace.at("/metadata/labels/unroot.dev~1enforce").asText());
        JsonNode enforce = rendered.webhooks().get(0);
        assertThat(enforce.path("name").asText()).isEqualTo("pods.enforce.unroot.dev");
        assertThat(new Selector(enforce.path("namespaceSelector")).matches(labels))
                .isTrue();

        JsonNode pod = hook("Pod", "-test");
        assertThat(Rendered.texts(pod.at("/spec/containers/0/args")))
                .containsExactly("probe", "--namespace=unroot-test");
        assertThat(hook("Role", "-test").path("rules").toString())
                .isEqualTo("[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"create\"]}]");
    }

    @Test
    void theUninstallJobMayDeleteOurWebhooksAndNothingElse() {
        JsonNode job = hook("Job", "-uninstall");
        String name = rendered.one("ValidatingWebhookConfiguration")
                .at("/metadata/name")
                .asText();
        assertThat(Rendered.texts(job.at("/spec/template/spec/containers/0/args")))
                .containsExactly("withdraw", name);
        assertThat(hook("ClusterRole", "-uninstall").path("rules").toString())
                .isEqualTo("[{\"apiGroups\":[\"admissionregistration.k8s.io\"],"
                        + "\"resources\":[\"validatingwebhookconfigurations\"],\"resourceNames\":[\"" + name
                        + "\"],\"verbs\":[\"delete\"]}]");
        assertThat(Chart.render("").hooks())
                .noneMatch(hook -> hook.at("/metadata/name").asText().endsWith("-uninstall"));
    }

    /** Rights come before who needs them, and all of it before Helm 3 deletes the pods that answer. */
    @Test
    void theUninstallJobComesFirstAndItsRightsBeforeIt() {
        List<JsonNode> hooks = rendered.hooks().stream()
                .filter(hook -> hook.at("/metadata/name").asText().endsWith("-uninstall"))
                .toList();
        assertThat(hooks)
                .hasSize(4)
                .allSatisfy(hook -> assertThat(
                                hook.at("/metadata/annotations/helm.sh~1hook").asText())
                        .isEqualTo("pre-delete"));
        assertThat(hooks)
                .filteredOn(hook -> !hook.path("kind").asText().equals("Job"))
                .allSatisfy(hook -> assertThat(weight(hook)).isLessThan(weight(hook("Job", "-uninstall"))));
        assertThat(weight(hook("ClusterRoleBinding", "-uninstall")))
                .isGreaterThan(weight(hook("ClusterRole", "-uninstall")));
    }

    private static int weight(JsonNode hook) {
        return Integer.parseInt(
                hook.at("/metadata/annotations/helm.sh~1hook-weight").asText());
    }

    /** Or the Service would send admissions to them. */
    @Test
    void theServiceDoesNotSelectThem() {
        JsonNode selector = rendered.one("Service").at("/spec/selector");
        for (JsonNode labels : List.of(
                hook("Pod", "-test").at("/metadata/labels"),
                hook("Job", "-uninstall").at("/spec/template/metadata/labels"))) {
            assertThat(selector.properties())
                    .anyMatch(wanted -> !wanted.getValue().equals(labels.get(wanted.getKey())));
        }
    }

    @Test
    void theyLeaveNothing() {
        for (JsonNode hook : rendered.hooks()) {
            assertThat(hook.at("/metadata/annotations/helm.sh~1hook-delete-policy")
                            .asText())
                    .as("%s", hook.at("/metadata/name"))
                    .contains("before-hook-creation", "hook-succeeded", "hook-failed");
        }
    }

    /** Nobody can ask for it once they are gone. */
    @Test
    void thoseThatRunSayWhyTheyFailed() {
        for (JsonNode hook : List.of(hook("Pod", "-test"), hook("Job", "-uninstall"))) {
            assertThat(hook.at("/metadata/annotations/helm.sh~1hook-output-log-policy")
                            .asText())
                    .isEqualTo("hook-failed");
        }
    }
}
