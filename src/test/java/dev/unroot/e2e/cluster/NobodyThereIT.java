package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.Eventually;
import dev.unroot.chart.Chart;
import dev.unroot.chart.Rendered;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.yaml.snakeyaml.Yaml;

/**
 * With every replica down, in a namespace that enforces: what brings no unjudged user goes on, and what could is held up.
 * The webhooks are those of the chart, and there is nobody behind them.
 */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class NobodyThereIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "nobody-there";
    private static final String IMAGE = "registry.example/any:1";
    private static final String FINALIZER = "example.org/held";
    private static final String PODS = "failed calling webhook \"pods.enforce.unroot.dev\"";
    private static final String CONTROLLERS = "failed calling webhook \"controllers.enforce.unroot.dev\"";
    /** The minor version from which pods have the subresource {@code resize}. */
    private static final int RESIZE = 33;

    private final KubernetesClient admin;
    private final ControlPlane controlPlane;

    NobodyThereIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.admin = controlPlane.admin();
    }

    @AfterEach
    void takeTheWebhooksAway() {
        admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(NAME)
                .delete();
    }

    @Test
    void podsGoOnUntilSomethingJudgedChanges() throws Exception {
        String namespace = Namespaces.enforcing(admin, "nobody-pods");
        pod(namespace, "app", "");
        pod(namespace, "gated", "schedulingGates: [{name: example.org/gate}, {name: example.org/other}]");
        pod(namespace, "held", "");
        succeeds(namespace, "patch", "pod/held", merge("{metadata: {finalizers: [" + FINALIZER + "]}}"));
        install("", namespace);

        // All that is said outside of a spec, whoever says it: none of it makes another user start.
        succeeds(namespace, "label", "pod/app", "team=shop");
        succeeds(namespace, "label", "pod/app", "unroot.dev/enforce=none");
        succeeds(namespace, "annotate", "pod/app", "unroot.dev/exempt=true", "example.org/note=any");
        succeeds(namespace, "patch", "pod/app", merge("{metadata: {finalizers: [" + FINALIZER + "]}}"));
        succeeds(namespace, "patch", "pod/app", merge("{metadata: {finalizers: []}}"));
        // What says that a pod is a static one cannot be written later, whether anybody judges or not.
        refused("mirror pod annotation", namespace, "annotate", "pod/app", "kubernetes.io/config.mirror=a");
        // And of a spec what is not judged.
        succeeds(namespace, "patch", "pod/app", merge("{spec: {activeDeadlineSeconds: 600}}"));
        succeeds(
                namespace,
                "patch",
                "pod/app",
                merge("{spec: {tolerations: [{key: example.org/any, operator: Exists, effect: NoSchedule}]}}"));
        succeeds(namespace, "patch", "pod/gated", merge("{spec: {schedulingGates: [{name: example.org/gate}]}}"));
        if (minor() >= RESIZE) {
            succeeds(
                    namespace,
                    "patch",
                    "pod/app",
                    "--subresource=resize",
                    strategic("{spec: {containers: [{name: app, resources: {requests: {cpu: 20m}}}]}}"));
        }
        // Of one that is being deleted nothing is judged.
        succeeds(namespace, "delete", "pod/held", "--wait=false");
        succeeds(namespace, "label", "pod/held", "team=shop");
        succeeds(namespace, "patch", "pod/held", merge("{metadata: {finalizers: []}}"));
        Eventually.await("the pod to be gone", () -> get(namespace, "held") == null);

        refused(PODS, namespace, "run", "new", "--image=" + IMAGE);
        refused(PODS, namespace, "set", "image", "pod/app", "app=registry.example/other:1");
        refused(PODS, namespace, "patch", "pod/gated", merge("{spec: {nodeSelector: {kubernetes.io/os: windows}}}"));
        refused(
                PODS,
                namespace,
                "patch",
                "pod/gated",
                merge("{spec: {schedulingGates: [], nodeSelector: {kubernetes.io/arch: arm64}}}"));
        refused(PODS, namespace, "debug", "app", "--image=" + IMAGE, "--container=debugger", "--profile=general");
        refused(
                PODS,
                namespace,
                "patch",
                "pod/app",
                "--subresource=ephemeralcontainers",
                strategic("{spec: {ephemeralContainers: [{name: debugger, image: \"" + IMAGE + "\"}]}}"));
    }

    @Test
    void aFinishedJobIsCompleted() throws Exception {
        String namespace = Namespaces.enforcing(admin, "nobody-job");
        admin.resource(Workloads.of(admin, "Job", namespace, IMAGE)).create();
        Pod pod = only(namespace);
        assertThat(pod.getMetadata().getFinalizers()).containsExactly("batch.kubernetes.io/job-tracking");
        install("", namespace);

        admin.resource(new PodBuilder(pod)
                        .editOrNewStatus()
                        .withPhase("Succeeded")
                        .endStatus()
                        .build())
                .patchStatus();

        Eventually.await("the Job to be complete", () -> {
            Job job = admin.batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName("job")
                    .get();
            return job.getStatus().getConditions().stream()
                    .anyMatch(condition -> condition.getType().equals("Complete")
                            && condition.getStatus().equals("True"));
        });
        assertThat(only(namespace).getMetadata().getFinalizers()).isEmpty();
    }

    /** With what stands in the way of its end: a Job's pod, and a Deployment, both with finalizers. */
    @Test
    void aDeletedNamespaceComesToItsEnd() throws Exception {
        String namespace = Namespaces.enforcing(admin, "nobody-ending");
        admin.resource(Workloads.of(admin, "Job", namespace, IMAGE)).create();
        only(namespace);
        admin.resource(Workloads.of(admin, "Deployment", namespace, IMAGE)).create();
        install("config: {workloads: {enforce: true}}\n", namespace);

        succeeds(namespace, "delete", "deployment/deployment", "--cascade=foreground", "--wait=false");
        admin.namespaces().withName(namespace).delete();

        Eventually.await(
                "the namespace to be gone",
                () -> admin.namespaces().withName(namespace).get() == null);
    }

    @Test
    void controllersThatMayBeDeniedAreScaledAndLabelledMeanwhile() throws Exception {
        String namespace = Namespaces.enforcing(admin, "nobody-controllers");
        for (String kind : List.of("Deployment", "StatefulSet", "CronJob", "PodTemplate")) {
            admin.resource(Workloads.of(admin, kind, namespace, IMAGE)).create();
        }
        Eventually.await("a ReplicaSet", () -> replicas(namespace) == 1);
        install("config: {workloads: {enforce: true}}\n", namespace);

        succeeds(namespace, "label", "deployment,statefulset,cronjob,podtemplate", "--all", "team=shop");
        succeeds(namespace, "scale", "deployment/deployment", "--replicas=2");
        // Its controller scales the ReplicaSet by an update of the whole object.
        Eventually.await("the ReplicaSet to be scaled", () -> replicas(namespace) == 2);
        succeeds(namespace, "patch", "statefulset/statefulset", merge("{spec: {replicas: 3}}"));
        succeeds(namespace, "patch", "cronjob/cronjob", merge("{spec: {suspend: true}}"));
        succeeds(namespace, "delete", "statefulset/statefulset", "--cascade=foreground", "--wait=false");

        String other = "app=registry.example/other:1";
        refused(CONTROLLERS, namespace, "set", "image", "deployment/deployment", other);
        refused(CONTROLLERS, namespace, "set", "image", "cronjob/cronjob", other);
        refused(
                CONTROLLERS,
                namespace,
                "patch",
                "podtemplate/podtemplate",
                merge("{template: {spec: {serviceAccountName: other}}}"));
        refused(CONTROLLERS, namespace, "create", "job", "new", "--image=" + IMAGE);
    }

    /** The chart's webhooks, and nobody behind them; returns once the API server asks there in vain. */
    private void install(String values, String namespace) throws InterruptedException {
        Rendered rendered = Chart.render("""
                image: {repository: registry.example/unroot}
                fullnameOverride: %s
                %s""".formatted(NAME, values));
        admin.resource((HasMetadata) admin.getKubernetesSerialization()
                        .unmarshal(
                                rendered.one("ValidatingWebhookConfiguration").toString()))
                .forceConflicts()
                .serverSideApply();
        Eventually.await(
                "a pod to be held up",
                () -> refusal(() -> admin.resource(Pods.of(namespace, "probe", IMAGE))
                                .dryRun()
                                .create())
                        .contains(PODS));
    }

    private static String refusal(Callable<?> request) {
        try {
            request.call();
            return "";
        } catch (Exception refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private int minor() {
        return Integer.parseInt(admin.getKubernetesVersion().getMinor().replaceAll("\\D", ""));
    }

    /** @param spec one more field of the spec, in flow style */
    private void pod(String namespace, String name, String spec) {
        Pod pod = admin.getKubernetesSerialization().unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                  containers: [{name: app, image: "%s", resources: {requests: {cpu: 10m}}}]
                  %s
                """.formatted(name, namespace, IMAGE, spec), Pod.class);
        admin.resource(pod).create();
    }

    private Pod get(String namespace, String name) {
        return admin.pods().inNamespace(namespace).withName(name).get();
    }

    /** The pod that a controller has made, or is about to make. */
    private Pod only(String namespace) throws InterruptedException {
        Eventually.await("a pod", () -> !pods(namespace).getItems().isEmpty());
        return pods(namespace).getItems().get(0);
    }

    private PodList pods(String namespace) {
        return admin.pods().inNamespace(namespace).list();
    }

    private int replicas(String namespace) {
        return admin.apps().replicaSets().inNamespace(namespace).list().getItems().stream()
                .mapToInt(set -> set.getSpec().getReplicas())
                .sum();
    }

    private static String merge(String patch) {
        return "--type=merge\n" + strategic(patch);
    }

    /** @param patch in flow style, which kubectl would take for JSON as it stands */
    private static String strategic(String patch) {
        return "--patch=" + JSON.valueToTree(new Yaml().load(patch));
    }

    private void succeeds(String namespace, String... arguments) throws Exception {
        Programs.Result result = kubectl(namespace, arguments);
        assertThat(result.exit()).as("%s: %s", List.of(arguments), result.err()).isZero();
    }

    private void refused(String why, String namespace, String... arguments) throws Exception {
        Programs.Result result = kubectl(namespace, arguments);
        assertThat(result.exit()).as("%s", List.of(arguments)).isEqualTo(1);
        assertThat(result.err()).as("%s", List.of(arguments)).contains(why);
    }

    private Programs.Result kubectl(String namespace, String... arguments) throws Exception {
        List<String> all = new ArrayList<>();
        for (String argument : arguments) {
            all.addAll(List.of(argument.split("\n")));
        }
        all.addAll(List.of("--namespace", namespace));
        return controlPlane.kubectl(controlPlane.adminKubeconfig()).run(all.toArray(String[]::new));
    }
}
