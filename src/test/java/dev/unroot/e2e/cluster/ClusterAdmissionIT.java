package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that people create and change, as the API server and its audit log see them. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class ClusterAdmissionIT {
    @Shared
    private static ControlPlane controlPlane;

    @Shared
    private static ImageRegistry images;

    @Shared
    private static KubernetesClient admin;

    @AutoClose
    private static WebhookInstallation installation;

    @AutoClose
    private static KubernetesClient jane;

    private static String namespace;

    @BeforeAll
    static void install() throws Exception {
        installation = new WebhookInstallation(controlPlane, images.settings()).withReplica();
        namespace = Namespaces.enforcing(admin, "admission");
        Namespaces.mayEdit(admin, namespace, "jane");
        jane = Clients.of(controlPlane.kubeconfig("jane"));
    }

    private static PodResource pod(String name) {
        return jane.pods().inNamespace(namespace).withName(name);
    }

    private static void create(String name, String image) {
        jane.resource(Pods.of(namespace, name, image)).create();
    }

    private static UnaryOperator<Pod> image(String image) {
        return pod -> new PodBuilder(pod)
                .editSpec()
                .editFirstContainer()
                .withImage(image)
                .endContainer()
                .endSpec()
                .build();
    }

    private static UnaryOperator<Pod> label(String value) {
        return pod -> new PodBuilder(pod)
                .editMetadata()
                .addToLabels("color", value)
                .endMetadata()
                .build();
    }

    @Test
    void aPodThatStartsAsRootIsDeniedWhoeverCreatesIt() {
        for (KubernetesClient client : new KubernetesClient[] {jane, admin}) {
            assertThat(Refusal.of(() -> client.resource(Pods.of(namespace, "root", images.root()))
                            .create()))
                    .isEqualTo(Refusal.runsAsRoot(images));
        }
        assertThat(pod("root").get()).isNull();
    }

    @Test
    void otherPodsAreAdmitted() {
        create("numeric", images.numeric());
        create("named", images.named());
        assertThat(pod("numeric").get().getSpec().getServiceAccountName()).isEqualTo("default");
        assertThat(pod("named").get()).isNotNull();
    }

    @Test
    void aDryRunIsJudgedToo() {
        assertThat(Refusal.of(() -> jane.resource(Pods.of(namespace, "dry", images.root()))
                        .dryRun()
                        .create()))
                .isEqualTo(Refusal.runsAsRoot(images));
        jane.resource(Pods.of(namespace, "dry", images.numeric())).dryRun().create();
        assertThat(pod("dry").get()).isNull();
    }

    @Test
    void aServerSideApplyIsJudged() {
        assertThat(Refusal.of(() -> jane.resource(Pods.of(namespace, "applied", images.root()))
                        .serverSideApply()))
                .isEqualTo(Refusal.runsAsRoot(images));
        jane.resource(Pods.of(namespace, "applied", images.numeric())).serverSideApply();
        assertThat(Refusal.of(() -> jane.resource(Pods.of(namespace, "applied", images.root()))
                        .serverSideApply()))
                .isEqualTo(Refusal.runsAsRoot(images));
        jane.resource(Pods.of(namespace, "applied", images.named())).serverSideApply();
        assertThat(pod("applied").get().getSpec().getContainers().get(0).getImage())
                .isEqualTo(images.named());
    }

    @Test
    void aPatchOfTheImageIsJudged() {
        create("patched", images.numeric());
        assertThat(Refusal.of(() -> pod("patched").edit(image(images.root())))).isEqualTo(Refusal.runsAsRoot(images));
        pod("patched").edit(image(images.named()));
        assertThat(pod("patched").get().getSpec().getContainers().get(0).getImage())
                .isEqualTo(images.named());
    }

    @Test
    void anEphemeralContainerIsJudged() {
        create("debugged", images.numeric());
        assertThat(Refusal.of(() -> debug("debugged", images.root())).message())
                .isEqualTo(Refusal.runsAsRoot(images)
                        .message()
                        .replace("container \"app\"", "ephemeral container \"debugger\""));
        debug("debugged", images.numeric());
        assertThat(pod("debugged").get().getSpec().getEphemeralContainers()).hasSize(1);
    }

    /** As administrators may; ClusterRole edit does not allow it. */
    private static void debug(String name, String image) {
        admin.pods()
                .inNamespace(namespace)
                .withName(name)
                .ephemeralContainers()
                .edit(pod -> new PodBuilder(pod)
                        .editSpec()
                        .addToEphemeralContainers(new EphemeralContainerBuilder()
                                .withName("debugger")
                                .withImage(image)
                                .build())
                        .endSpec()
                        .build());
    }

    @Test
    void whatRanBeforeCanBeLabelledAndGoesWhenItsFinalizerDoes() throws Exception {
        String before = Namespaces.create(admin, "before", Map.of());
        Pod old = Pods.of(before, "old", images.root());
        old.getMetadata().getFinalizers().add("example.test/wait");
        admin.resource(old).create();
        admin.namespaces().withName(before).edit(Namespaces.labelled("unroot.dev/enforce", "nonroot"));
        Eventually.passes(
                "the label to count",
                () -> assertThat(Refusal.of(() -> admin.resource(Pods.of(before, "new", images.root()))
                                .dryRun()
                                .create()))
                        .isEqualTo(Refusal.runsAsRoot(images)));

        PodResource pod = admin.pods().inNamespace(before).withName("old");
        pod.edit(label("green"));
        pod.delete();
        assertThat(pod.get().getMetadata().getDeletionTimestamp()).isNotNull();
        pod.edit(deleting -> new PodBuilder(deleting)
                .editMetadata()
                .withFinalizers()
                .endMetadata()
                .build());
        assertThat(pod.get()).isNull();
    }

    /** Its labels may not have reached the webhook's memory yet. */
    @Test
    void aPodRightAfterItsNamespaceIsJudgedByIt() {
        for (int i = 0; i < 30; i++) {
            String young = "young-" + i;
            Namespaces.createOnly(admin, young, Map.of("unroot.dev/enforce", "nonroot"));
            Namespaces.serviceAccount(admin, young, "own");
            Pod pod = Pods.of(young, "early", images.root());
            pod.getSpec().setServiceAccountName("own");
            assertThat(Refusal.of(() -> admin.resource(pod).create())).isEqualTo(Refusal.runsAsRoot(images));
        }
    }

    /** The review of an update holds the pod twice; etcd takes objects up to 1.5 MiB. */
    @Test
    void anUpdateWhoseReviewIsTwoAndAHalfMegabytesIsJudged() {
        Pod pod = Pods.of(namespace, "large", images.numeric());
        for (int i = 0; i < 10; i++) {
            pod.getSpec().getContainers().get(0).getEnv().add(new EnvVar("LARGE_" + i, "x".repeat(125_000), null));
        }
        jane.resource(pod).create();
        assertThat(Refusal.of(() -> pod("large").edit(image(images.root())))).isEqualTo(Refusal.runsAsRoot(images));
        pod("large").edit(image(images.named()));
        pod("large").edit(label("blue"));
        assertThat(pod("large").get().getMetadata().getLabels()).containsEntry("color", "blue");
    }

    @Test
    void theAuditLogTellsWhatWasDecided() throws Exception {
        String audited = Namespaces.create(
                admin, "audited", Map.of("unroot.dev/enforce", "nonroot", "unroot.dev/audit", "nonroot"));
        Refusal.of(() -> admin.resource(Pods.of(audited, "root", images.root())).create());
        var denied = controlPlane.auditLog().last("create", "pods", audited, "root");
        assertThat(denied.at("/responseStatus/code").asInt()).isEqualTo(403);
        assertThat(AuditLog.annotations(denied))
                .isEqualTo(Map.of("enforce-policy", "nonroot", "audit-violations", Refusal.rootMessage(images)));

        admin.resource(Pods.of(audited, "numeric", images.numeric())).create();
        var admitted = controlPlane.auditLog().last("create", "pods", audited, "numeric");
        assertThat(admitted.at("/responseStatus/code").asInt()).isEqualTo(201);
        // Advice is no violation, and the API server takes the key.
        assertThat(AuditLog.annotations(admitted))
                .containsOnlyKeys("enforce-policy", "audit-advice")
                .hasEntrySatisfying("audit-advice", advice -> assertThat(advice).contains(" only because image "));
    }
}
