package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** {@code workloads.enforce: true}: controllers are denied too, but what is there already can be kept running. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class EnforcedWorkloadsIT {
    private static final String DEPLOYMENT = "deployment/deployment";

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
        // Made before anybody looked.
        Namespaces.enforcing(admin, "legacy");
        admin.resource(Workloads.of(admin, "Deployment", "legacy", images.root()))
                .create();
        // Its controller may be late, and would make none for a template that has changed before.
        awaitReplicaSets(1);
        installation =
                new WebhookInstallation(controlPlane, images.settings() + "workloads: {enforce: true}\n").withReplica();
        Namespaces.enforcing(admin, "enforced-workloads");
    }

    @ParameterizedTest
    @FieldSource("dev.unroot.e2e.cluster.Workloads#KINDS")
    void aControllerOfRootPodsIsDenied(String kind) {
        assertThat(Refusal.of(() -> admin.resource(Workloads.of(admin, kind, "enforced-workloads", images.root()))
                        .create()))
                .isEqualTo(Refusal.denial("controllers.enforce.unroot.dev", Refusal.rootMessage(images)));
        admin.resource(Workloads.of(admin, kind, "enforced-workloads", images.numeric()))
                .dryRun()
                .create();
    }

    @Test
    void anOldControllerCanBeScaledAndRestartedButNotGivenAnotherBadImage() throws Exception {
        assertSucceeds("scale", DEPLOYMENT, "--replicas=2");
        assertSucceeds("label", DEPLOYMENT, "team=shop");
        // Its new ReplicaSet is its controller's, and only the pods are denied.
        assertSucceeds("rollout", "restart", DEPLOYMENT);
        awaitReplicaSets(2);

        String otherBad = images.root() + "@sha256:" + "0".repeat(64);
        Programs.Result denied = kubectl("set", "image", DEPLOYMENT, "app=" + otherBad);
        assertThat(denied.exit()).isEqualTo(1);
        assertThat(denied.err()).contains("denied the request: container \"app\" could not be verified");
        assertSucceeds("set", "image", DEPLOYMENT, "app=" + images.numeric());
    }

    private static void awaitReplicaSets(int count) throws InterruptedException {
        Eventually.await(
                count + " ReplicaSets",
                () -> admin.apps()
                                .replicaSets()
                                .inNamespace("legacy")
                                .list()
                                .getItems()
                                .size()
                        == count);
    }

    private static void assertSucceeds(String... arguments) throws Exception {
        Programs.Result result = kubectl(arguments);
        assertThat(result.exit()).as(result.err()).isZero();
    }

    private static Programs.Result kubectl(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--namespace", "legacy"));
        return controlPlane.kubectl(controlPlane.adminKubeconfig()).run(all.toArray(String[]::new));
    }
}
