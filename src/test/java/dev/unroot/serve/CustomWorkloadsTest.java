package dev.unroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.Images;
import dev.unroot.TestCommandLine;
import dev.unroot.common.Deadline;
import dev.unroot.configuration.Configuration;
import dev.unroot.configuration.ConfigurationException;
import dev.unroot.configuration.ConfigurationFile;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Subject;
import dev.unroot.review.AdmissionRequest;
import dev.unroot.review.Decision;
import dev.unroot.review.ExistingPods;
import dev.unroot.webhook.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kinds of the operator's that make pods: in {@code check} and in admission. */
class CustomWorkloadsTest {
    private static final String CONFIGURATION = """
            apiVersion: unroot.dev/v1
            kind: UnrootConfiguration
            floor: nonroot
            defaults: {warn: nonroot}
            workloads:
              enforce: true
              custom:
                - {apiVersion: argoproj.io/v1alpha1, kind: Rollout, podTemplate: spec.template}
                - {apiVersion: serving.knative.dev/v1, kind: Service, podTemplate: spec.template}
                - {apiVersion: apps.kruise.io/v1alpha1, kind: CloneSet, podTemplate: spec.template}
                - {apiVersion: example.org/v1, kind: Fleet, podTemplate: spec.ships.worker.template}
            """;
    private static final String TEMPLATE =
            "template: {spec: {containers: [{name: web, image: web, securityContext: {runAsUser: 0}}]}}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "argoproj.io/v1alpha1    | Rollout  | {TEMPLATE}                        | spec.template",
                "argoproj.io/v1          | Rollout  | {TEMPLATE}                        | spec.template",
                "serving.knative.dev/v1  | Service  | {traffic: [], TEMPLATE}           | spec.template",
                "apps.kruise.io/v1alpha1 | CloneSet | {replicas: 2, TEMPLATE}           | spec.template",
                "apps.kruise.io/v1beta1  | CloneSet | {replicas: 2, TEMPLATE}           | spec.template",
                "example.org/v1          | Fleet    | {ships: {worker: {TEMPLATE}}}     | spec.ships.worker.template",
            })
    void theirPodsAreJudgedInCheckAndInAdmission(String apiVersion, String kind, String spec, String path)
            throws Exception {
        String written = spec.replace("TEMPLATE", TEMPLATE);
        JsonNode report = check(apiVersion, kind, written);
        assertThat(report.get("allowed").asBoolean()).isFalse();
        assertThat(report.at("/findings/0/path").asText())
                .isEqualTo(path + ".spec.containers[0].securityContext.runAsUser");
        Decision decision = admit(apiVersion, kind, written);
        assertThat(decision.denial()).contains(path + ".spec.containers[0].securityContext.runAsUser is 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "argoproj.io/v1alpha1 | Rollout | {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}",
                "argoproj.io/v1alpha1 | Rollout | {template: null}",
                "argoproj.io/v1alpha1 | Rollout | {template: {metadata: {}}}",
                "argoproj.io/v1alpha1 | Rollout | null",
                "v1                   | Service | {template: {spec: {containers: [{name: a}]}}}",
                "example.org/v1       | Service | {template: {spec: {containers: [{name: a}]}}}",
            })
    void withoutATemplateThereIsNothingToJudge(String apiVersion, String kind, String spec) throws Exception {
        assertThat(admit(apiVersion, kind, spec)).isEqualTo(Decision.NOT_JUDGED);
    }

    @Test
    void whatACustomKindMakesIsNotJudgedTwice() throws Exception {
        Subject owned = TestPods.read(
                "{metadata: {name: a, ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web}]},"
                        + " spec: {" + TEMPLATE + "}}",
                new TypeMeta("apps/v1", "ReplicaSet"),
                templates());
        assertThat(review(new TypeMeta("apps/v1", "ReplicaSet"), owned).allowed())
                .isTrue();
    }

    private Decision admit(String apiVersion, String kind, String spec) throws Exception {
        TypeMeta type = new TypeMeta(apiVersion, kind);
        return review(type, TestPods.read("{metadata: {name: a}, spec: " + spec + "}", type, templates()));
    }

    private static Decision review(TypeMeta type, Subject object) throws Exception {
        Resources resources = new Resources();
        try (Metrics metrics = new Metrics()) {
            ServeContext around = new ServeContext(
                    Images.ofWebhook(Path.of("manifests/images")),
                    null,
                    null,
                    ExistingPods.NONE,
                    metrics,
                    new LookupMeters(metrics.registry()),
                    resources);
            LiveReviewer live = resources.add(new LiveReviewer(around, configuration()));
            AdmissionRequest request =
                    new AdmissionRequest(type, "any", "", "shop", "CREATE", "jane", List.of(), object, null, false);
            return live.current()
                    .reviewer()
                    .review(request, Deadline.in(Duration.ofSeconds(20)))
                    .toCompletableFuture()
                    .join();
        } finally {
            resources.close();
        }
    }

    private static Configuration configuration() throws ConfigurationException {
        return ConfigurationFile.parse(CONFIGURATION, "unroot.yaml");
    }

    private static PodTemplates templates() throws ConfigurationException {
        return configuration().review().templates();
    }

    private JsonNode check(String apiVersion, String kind, String spec) throws IOException {
        Path manifest = Files.writeString(
                folder.resolve("a.yaml"),
                "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: a}\nspec: " + spec + "\n");
        Path config = Files.writeString(folder.resolve("unroot.yaml"), CONFIGURATION);
        TestCommandLine.Result result = TestCommandLine.run(
                TestCommandLine.services(),
                "check",
                "-f",
                manifest.toString(),
                "--offline",
                "--output",
                "json",
                "--config",
                config.toString());
        assertThat(result.err()).isEmpty();
        return new ObjectMapper().readTree(result.out()).at("/subjects/0");
    }
}
