package dev.unroot.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownKindTest {
    private static final PodTemplates CONFIGURED =
            new PodTemplates(List.of(new PodTemplates.Custom("argoproj.io/v1alpha1", "Rollout", "spec.template")));
    private static final String CONTAINERS = "{containers: [{name: app, image: \"root:1\"}]}";

    private static ManifestResult read(String yaml) {
        return new ManifestFiles(CONFIGURED, new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .read(List.of("-"))
                .get(0);
    }

    private static ManifestResult read(String apiVersion, String kind, String fields) {
        return read("apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: x}\n" + fields);
    }

    private static String notJudged(String apiVersion, String kind, String fields) {
        return ((ManifestResult.NotJudged) read(apiVersion, kind, fields)).message();
    }

    @ParameterizedTest
    @CsvSource({
        "apps/v1, Deployement, apps/v1 Deployment",
        "apps/v1, deployment, apps/v1 Deployment",
        "app/v1, Deployment, apps/v1 Deployment",
        "v1, Deployment, apps/v1 Deployment",
        "appsv1, Deployment, apps/v1 Deployment",
        "Apps/v1, Deployment, apps/v1 Deployment",
        "apps.k8s.io/v1, Deployment, apps/v1 Deployment",
        "v1, pod, v1 Pod",
        "v1, Pods, v1 Pod",
        "core/v1, Pod, v1 Pod",
        "apps/v1, Pod, v1 Pod",
        "apps/v1, StatefullSet, apps/v1 StatefulSet",
        "apps/v1, DeamonSet, apps/v1 DaemonSet",
        "apps/v1, CronJob, batch/v1 CronJob",
        "batch/v1beta1, Cronjob, batch/v1 CronJob",
        "v1, ReplicaSet, apps/v1 ReplicaSet",
        "argoproj.io/v1alpha1, rollout, argoproj.io/v1alpha1 Rollout"
    })
    void aTypeThatIsNearlyAWorkloadsIsNone(String apiVersion, String kind, String meant) {
        assertThat(((ManifestResult.Unreadable) read(apiVersion, kind, "")).message())
                .isEqualTo(kind + " x was not judged: there is no " + apiVersion + " " + kind + ". Did you mean "
                        + meant + "?");
    }

    @ParameterizedTest
    @CsvSource({
        "v1, list, v1 List",
        "v1, Lists, v1 List",
        "v1, Podlist, v1 PodList",
        "apps/v1, Deploymentlists, apps/v1 DeploymentList"
    })
    void aListThatIsNoneHidesNothing(String apiVersion, String kind, String meant) {
        String pods = "items: [{apiVersion: v1, kind: Pod, spec: " + CONTAINERS + "}]\n";
        assertThat(((ManifestResult.Unreadable) read(apiVersion, kind, pods)).message())
                .isEqualTo(kind + " x was not judged: there is no " + apiVersion + " " + kind + ". Did you mean "
                        + meant + "?");
    }

    /** Kubernetes' own kinds that make pods are all known, and nobody else can have any in its groups. */
    @ParameterizedTest
    @CsvSource({"apps/v1, Deploy", "apps/v1, Rollout", "v1, Service", "batch/v1, Workflow"})
    void noOtherKindOfKubernetesHasContainers(String apiVersion, String kind) {
        assertThat(((ManifestResult.Unreadable)
                                read(apiVersion, kind, "spec: {template: {spec: " + CONTAINERS + "}}\n"))
                        .message())
                .isEqualTo(kind + " x was not judged: it has containers at spec.template.spec, and there is no "
                        + apiVersion + " " + kind + " that has. Correct its apiVersion or its kind");
    }

    @Test
    void aKindOfOpenShiftsBeforeItsGroupsIsNoMistake() {
        assertThat(read("v1", "Template", "objects: []\n")).isInstanceOf(ManifestResult.Found.class);
        assertThat(notJudged("v1", "Template", "objects: [{kind: Pod, spec: " + CONTAINERS + "}]\n"))
                .startsWith(
                        "Template x was not judged: it has containers at objects[].spec, and v1 Template is no kind");
    }

    @ParameterizedTest
    @CsvSource({
        "v1, Service",
        "v1, Node",
        "v1, ConfigMap",
        "v1, Namespace",
        "apps/v1, ControllerRevision",
        "autoscaling/v2, HorizontalPodAutoscaler",
        "policy/v1, PodDisruptionBudget",
        "batch.volcano.sh/v1alpha1, Job",
        "apps.kruise.io/v1beta1, StatefulSet",
        "metrics.k8s.io/v1beta1, PodMetrics",
        "snapshot.storage.k8s.io/v1, VolumeSnapshot",
        "argoproj.io/v1alpha1, Application",
        "argoproj.io/v1alpha1, Rollout",
        "example.com/v1, pod"
    })
    void whatHoldsNoPodIsPassedOver(String apiVersion, String kind) {
        assertThat(read(apiVersion, kind, "spec: {replicas: 1, template: {spec: {volumes: []}}}\n"))
                .isInstanceOf(ManifestResult.Found.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec: {containers: []}",
                "spec: {containers: 5}",
                "spec: {containers: [{name: a strategic merge patch}]}",
                "spec: {containers: [one, two]}",
                "metadata: {spec: " + CONTAINERS + "}",
                "status: {spec: " + CONTAINERS + "}",
                "other: " + CONTAINERS
            })
    void whatIsNoPodsSpecIsPassedOver(String fields) {
        assertThat(read("apiVersion: example.com/v1\nkind: Thing\n" + fields)).isInstanceOf(ManifestResult.Found.class);
    }

    @Test
    void aPodTemplateOfAnUnknownKindIsTheConfigurationsToName() {
        String knownBy =
                "Thing x was not judged: it has containers at %s.spec, and example.com/v1 Thing is no kind that Unroot"
                        + " knows. If it makes pods, write into the configuration workloads.custom: [{apiVersion: example.com/v1,"
                        + " kind: Thing, podTemplate: %1$s}]";
        assertThat(notJudged("example.com/v1", "Thing", "spec: {template: {spec: " + CONTAINERS + "}}"))
                .isEqualTo(knownBy.formatted("spec.template"));
        assertThat(notJudged(
                        "example.com/v1",
                        "Thing",
                        "spec: {jobTemplate: {spec: {template: {spec: " + CONTAINERS + "}}}}"))
                .isEqualTo(knownBy.formatted("spec.jobTemplate.spec.template"));
    }

    @Test
    void whatTheConfigurationCouldNotNameIsJudgedAsItsPods() {
        String judgedLater =
                "Thing x was not judged: it has containers at %s, and example.com/v1 Thing is no kind that Unroot"
                        + " knows. If it makes pods, the webhook judges them when they are made";
        assertThat(notJudged("example.com/v1", "Thing", "spec: " + CONTAINERS))
                .isEqualTo(judgedLater.formatted("spec"));
        assertThat(notJudged("example.com/v1", "Thing", "spec: {a-b: {spec: " + CONTAINERS + "}}"))
                .isEqualTo(judgedLater.formatted("spec.a-b.spec"));
        assertThat(notJudged(
                        "example.com/v1", "Thing", "spec: {jobs: [{name: a}, {template: {spec: " + CONTAINERS + "}}]}"))
                .isEqualTo(judgedLater.formatted("spec.jobs[].template.spec"));
        assertThat(notJudged("example.com/v1", "Thing", "spec: {podSpec: " + CONTAINERS + "}"))
                .isEqualTo(judgedLater.formatted("spec.podSpec"));
        assertThat(notJudged("example.com/v1", "Thing", "request: {object: {spec: " + CONTAINERS + "}}"))
                .isEqualTo(judgedLater.formatted("request.object.spec"));
        assertThat(notJudged("example.com/v1", "Thing", "a: {b: {c: {d: {e: {f: {g: {spec: " + CONTAINERS + "}}}}}}}"))
                .isEqualTo(judgedLater.formatted("a.b.c.d.e.f.g.spec"));
    }

    @ParameterizedTest
    @CsvSource({
        "v1,                 Pod,        'spec: %s'",
        "extensions/v1beta1, Deployment, 'spec: {template: {spec: %s}}'",
        "apps/v1beta2,       DaemonSet,  'spec: {template: {spec: %s}}'",
        "batch/v2alpha1,     CronJob,    'spec: {jobTemplate: {spec: {template: {spec: %s}}}}'"
    })
    void aKnownKindsObjectIsNeverDoubted(String apiVersion, String kind, String fields) {
        assertThat(read(apiVersion, kind, fields.formatted(CONTAINERS))).isInstanceOf(ManifestResult.Found.class);
    }
}
