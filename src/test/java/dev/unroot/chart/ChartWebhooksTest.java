package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.TypeMeta;
import io.fabric8.kubernetes.api.Pluralize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What API servers send, against what the code judges. */
class ChartWebhooksTest {
    /** Groups and kinds with a pod in them, as docs of the API have them. */
    private static final List<TypeMeta> CONTROLLERS = List.of(
            new TypeMeta("v1", "PodTemplate"),
            new TypeMeta("v1", "ReplicationController"),
            new TypeMeta("apps/v1", "ReplicaSet"),
            new TypeMeta("apps/v1", "Deployment"),
            new TypeMeta("apps/v1", "StatefulSet"),
            new TypeMeta("apps/v1", "DaemonSet"),
            new TypeMeta("batch/v1", "Job"),
            new TypeMeta("batch/v1", "CronJob"));

    @Test
    void everyWebhookIsCalledTheSameWay() {
        for (JsonNode webhook : Chart.render("webhook: {timeoutSeconds: 7}\n").webhooks()) {
            assertThat(webhook.path("admissionReviewVersions").toString()).isEqualTo("[\"v1\"]");
            assertThat(webhook.path("matchPolicy").asText()).isEqualTo("Equivalent");
            // Otherwise API servers refuse dry runs.
            assertThat(webhook.path("sideEffects").asText()).isEqualTo("None");
            assertThat(webhook.path("timeoutSeconds").asInt()).isEqualTo(7);
            boolean enforces = webhook.path("name").asText().contains(".enforce.");
            assertThat(webhook.at("/clientConfig/service").toString())
                    .isEqualTo("{\"name\":\"unroot\",\"namespace\":\"unroot\",\"path\":\"/validate"
                            + (enforces ? "/enforced" : "") + "\",\"port\":443}");
            // Written by Unroot, and an upgrade has to leave it alone.
            assertThat(webhook.path("clientConfig").has("caBundle")).isFalse();
        }
    }

    @Test
    void podsAreSentWhenTheyAreMadeAndChanged() {
        for (JsonNode webhook : webhooks(Chart.render(""), "pods.")) {
            assertThat(rules(webhook))
                    .containsExactlyInAnyOrder(
                            "/v1 pods CREATE", "/v1 pods UPDATE", "/v1 pods/ephemeralcontainers UPDATE");
        }
    }

    @Test
    void namespacesAreSentToo() {
        assertThat(webhooks(Chart.render(""), "namespaces."))
                .singleElement()
                .satisfies(webhook -> assertThat(rules(webhook))
                        .containsExactlyInAnyOrder("/v1 namespaces CREATE", "/v1 namespaces UPDATE"));
    }

    @Test
    void controllersAreTheOnesThatTheCodeKnows() {
        Set<String> expected = new TreeSet<>();
        for (TypeMeta controller : CONTROLLERS) {
            assertThat(PodTemplates.BUILT_IN.contains(controller)).isTrue();
            expected.addAll(
                    rules(controller, Pluralize.toPlural(controller.kind().toLowerCase(Locale.ROOT))));
        }
        for (JsonNode webhook : webhooks(Chart.render(""), "controllers.")) {
            assertThat(rules(webhook)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void customWorkloadsAreSentUnderTheirPlural() {
        Rendered rendered = Chart.render("""
                webhook: {resources: {Sheep: sheep}}
                config:
                  workloads:
                    custom:
                      - {apiVersion: argoproj.io/v1alpha1, kind: Rollout, podTemplate: spec.template}
                      - {apiVersion: example.org/v2, kind: Fishery, podTemplate: spec.template}
                      - {apiVersion: example.org/v2, kind: Glass, podTemplate: spec.template}
                      - {apiVersion: example.org/v2, kind: Sheep, podTemplate: spec.template}
                      - {apiVersion: v1, kind: Thing, podTemplate: spec.template}
                """);
        for (JsonNode webhook : webhooks(rendered, "controllers.")) {
            assertThat(rules(webhook))
                    .contains(
                            "argoproj.io/v1alpha1 rollouts CREATE",
                            "argoproj.io/v1alpha1 rollouts UPDATE",
                            "example.org/v2 fisheries CREATE",
                            "example.org/v2 glasses UPDATE",
                            "example.org/v2 sheep UPDATE",
                            "/v1 things CREATE");
        }
    }

    private static List<JsonNode> webhooks(Rendered rendered, String prefix) {
        List<JsonNode> found = rendered.webhooks().stream()
                .filter(webhook -> webhook.path("name").asText().startsWith(prefix))
                .toList();
        assertThat(found).isNotEmpty();
        return found;
    }

    private static Set<String> rules(TypeMeta type, String resource) {
        String version = type.apiVersion().contains("/") ? type.apiVersion() : "/" + type.apiVersion();
        return Set.of(version + " " + resource + " CREATE", version + " " + resource + " UPDATE");
    }

    /** Each rule multiplied out: group/version resource OPERATION. */
    private static List<String> rules(JsonNode webhook) {
        List<String> rules = new ArrayList<>();
        for (JsonNode rule : webhook.path("rules")) {
            for (String group : Rendered.texts(rule.path("apiGroups"))) {
                for (String version : Rendered.texts(rule.path("apiVersions"))) {
                    for (String resource : Rendered.texts(rule.path("resources"))) {
                        for (String operation : Rendered.texts(rule.path("operations"))) {
                            rules.add(group + "/" + version + " " + resource + " " + operation);
                        }
                    }
                }
            }
        }
        return rules;
    }
}
