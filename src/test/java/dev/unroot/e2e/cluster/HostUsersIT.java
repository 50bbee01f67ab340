package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * {@code hostUsers: false} lets a pod start as root, where the cluster has user namespaces: an API server that does not
 * have them drops the field before it asks Unroot, so that the pod is judged as what it would really be.
 */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class HostUsersIT {
    /** The minor version from which API servers have them without being told (feature gate UserNamespacesSupport). */
    private static final int FIRST = 33;

    /** No node says anything, as there is none. */
    @Test
    void countsWhereTheApiServerKeepsIt(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        admin.nodes().delete();
        try (WebhookInstallation installation =
                new WebhookInstallation(controlPlane, images.settings()).withReplica()) {
            Pod pod = pod(Namespaces.enforcing(admin, "host-users"), images);
            if (keeps(admin)) {
                assertThat(admin.resource(pod).create().getSpec().getHostUsers())
                        .isFalse();
            } else {
                assertThat(Refusal.of(() -> admin.resource(pod).create())).isEqualTo(Refusal.runsAsRoot(images));
            }
        }
    }

    /** Nodes of both kinds, old and new, as kubelets describe themselves. */
    @Test
    void countsWhereEveryNodeSaysThatItCan(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        admin.nodes().delete();
        node(admin, "mapping", "v1.37.2", true);
        try (WebhookInstallation installation =
                new WebhookInstallation(controlPlane, images.settings()).withReplica()) {
            Pod pod = pod(Namespaces.enforcing(admin, "host-users-nodes"), images);
            if (!keeps(admin)) {
                assertThat(Refusal.of(() -> admin.resource(pod).create())).isEqualTo(Refusal.runsAsRoot(images));
                return;
            }
            admin.resource(pod).dryRun().create();

            node(admin, "old", "v1.28.15", false);
            Eventually.await("the old node to count", () -> refusal(admin, pod).contains("runs as root"));
            assertThat(refusal(admin, pod))
                    .contains(
                            "; hostUsers: false does not count, since node \"old\" (kubelet v1.28.15) does not say that"
                                    + " it can map users.");

            admin.nodes().withName("old").delete();
            Eventually.await("it to be gone", () -> refusal(admin, pod).isEmpty());
        } finally {
            admin.nodes().delete();
        }
    }

    private static boolean keeps(KubernetesClient admin) {
        return Integer.parseInt(admin.getKubernetesVersion().getMinor()) >= FIRST;
    }

    private static Pod pod(String namespace, ImageRegistry images) {
        return new PodBuilder(Pods.of(namespace, "app", images.root()))
                .editSpec()
                .withHostUsers(false)
                .endSpec()
                .build();
    }

    private static String refusal(KubernetesClient admin, Pod pod) {
        try {
            admin.resource(pod).dryRun().create();
            return "";
        } catch (KubernetesClientException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    private static void node(KubernetesClient admin, String name, String kubelet, boolean mapsUsers) {
        admin.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(Map.of("kubernetes.io/arch", "amd64", "kubernetes.io/os", "linux"))
                        .endMetadata()
                        .build())
                .create();
        // A patch names no version: controllers write to the node at this moment, too.
        String status = "{\"status\": {\"nodeInfo\": {\"kubeletVersion\": \"" + kubelet
                + "\"}, \"runtimeHandlers\": [{\"name\": \"\", \"features\": {\"userNamespaces\": " + mapsUsers
                + "}}]}}";
        admin.nodes().withName(name).subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), status);
    }
}
