package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a cluster has already: the pods of a namespace that begins to enforce, and nodes. */
@ExtendWith(Cluster.class)
class ClusterStateIT {
    @Shared
    private static ControlPlane controlPlane;

    @Shared
    private static ImageRegistry images;

    @Shared
    private static KubernetesClient admin;

    @AutoClose
    private static WebhookInstallation installation;

    @BeforeAll
    static void install() throws Exception {
        node("first", "amd64");
        installation = new WebhookInstallation(controlPlane, images.settingsForAnyPlatform()).withReplica();
    }

    @AfterAll
    static void remove() {
        admin.nodes().delete();
    }

    @Test
    void aStricterLevelIsToldWhatItWouldDeny() throws Exception {
        String namespace =
                Namespaces.create(admin, "tightened", Map.of("unroot.dev/warn", "none", "unroot.dev/audit", "none"));
        Pod pinned = Pods.of(namespace, "pinned", images.root());
        pinned.getSpec()
                .getContainers()
                .get(0)
                .setSecurityContext(
                        new SecurityContextBuilder().withRunAsUser(0L).build());
        admin.resource(pinned).create();
        Pod good = Pods.of(namespace, "good", images.root());
        good.getSpec()
                .getContainers()
                .get(0)
                .setSecurityContext(
                        new SecurityContextBuilder().withRunAsUser(1L).build());
        admin.resource(good).create();
        admin.resource(Pods.of(namespace, "unknown", images.host() + "/never-asked:1"))
                .create();
        // Unroot reads them from the API server's memory, which is told of them a moment later.
        ListOptions fromMemory =
                new ListOptionsBuilder().withResourceVersion("0").build();
        Eventually.await(
                "the pods to be in the API server's memory",
                () -> admin.pods()
                                .inNamespace(namespace)
                                .list(fromMemory)
                                .getItems()
                                .size()
                        == 3);

        Programs.Result result = controlPlane
                .kubectl(controlPlane.adminKubeconfig())
                .run("label", "namespace", namespace, "unroot.dev/enforce=nonroot");
        assertThat(result.exit()).isZero();
        assertThat(result.err().lines())
                .containsExactly(
                        "Warning: existing pods in namespace \"tightened\" violate the new enforce level \"nonroot\"",
                        "Warning: 1 existing pod was not checked: its images are not known yet",
                        "Warning: Pod pinned: container \"app\" runs as root:"
                                + " spec.containers[0].securityContext.runAsUser is 0");
    }

    @Test
    void aNodeOfAnotherArchitectureCountsAtOnce() throws Exception {
        String namespace = Namespaces.create(admin, "platforms", Map.of("unroot.dev/warn", "nonroot"));
        String manifest = admin.getKubernetesSerialization().asYaml(Pods.of(namespace, "app", images.numeric()));
        Eventually.await("the label and the first node to count", () -> {
            String warnings = warnings(manifest);
            return warnings.contains("runs as uid 10001") && !warnings.contains("cannot run on");
        });
        node("second", "s390x");
        Eventually.await("the second node to count", () -> warnings(manifest).contains("cannot run on linux/s390x"));
    }

    private static String warnings(String manifest) throws Exception {
        return controlPlane
                .kubectl(controlPlane.adminKubeconfig())
                .runWith(manifest, "create", "--dry-run=server")
                .err();
    }

    private static void node(String name, String architecture) {
        admin.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("kubernetes.io/os", "linux")
                        .addToLabels("kubernetes.io/arch", architecture)
                        .endMetadata()
                        .withNewSpec()
                        .withUnschedulable(true)
                        .endSpec()
                        .build())
                .create();
    }
}
