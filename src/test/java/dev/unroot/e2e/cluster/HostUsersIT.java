package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
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

    @Test
    void countsWhereTheApiServerKeepsIt(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            installation.addReplica();
            installation.awaitCalls();
            String namespace = Namespaces.enforcing(admin, "host-users");
            Pod pod = new PodBuilder(Pods.of(namespace, "app", images.root()))
                    .editSpec()
                    .withHostUsers(false)
                    .endSpec()
                    .build();
            if (Integer.parseInt(admin.getKubernetesVersion().getMinor()) < FIRST) {
                assertThat(Refusal.of(() -> admin.resource(pod).create())).isEqualTo(Refusal.runsAsRoot(images));
            } else {
                assertThat(admin.resource(pod).create().getSpec().getHostUsers())
                        .isFalse();
            }
        }
    }
}
