package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code helm install} and {@code helm uninstall}, with the pods and the certificate that the chart has by itself. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class HelmInstallIT {
    private static final String NAMESPACE = "helm-installed";

    @BeforeAll
    static void prepare(PodCluster cluster) throws Exception {
        Namespaces.create(cluster.admin(), NAMESPACE, Map.of());
    }

    @Test
    void helm4RemovesTheWebhooksFirst(PodCluster cluster, ImageRegistry images) throws Exception {
        installThenUninstall(cluster, images, 4, false);
    }

    /** Helm 3 removes them last; the job does it before that. */
    @Test
    void helm3HasAJobRemoveTheWebhooksFirst(PodCluster cluster, ImageRegistry images) throws Exception {
        installThenUninstall(cluster, images, 3, true);
    }

    private static void installThenUninstall(
            PodCluster cluster, ImageRegistry images, int version, boolean uninstallJob) throws Exception {
        try (Release release = new Release(cluster, images, version)) {
            String notes = release.install("mode=enforce", "level=nonroot", "uninstallJob=" + uninstallJob)
                    .out();
            assertThat(notes)
                    .contains(
                            "is in namespace unroot, with 2 replicas.",
                            "Pods below level nonroot are now denied in every namespace without a label");
            assertThat(release.refused(NAMESPACE, images.root())).isEqualTo(release.runsAsRoot());
            release.admitted(NAMESPACE, "numeric-" + version, images.numeric());
            assertThat(release.drift())
                    .as("what Argo CD or Flux would put back, again and again")
                    .isEmpty();

            Load load = release.load(NAMESPACE);
            try (load) {
                load.awaitAdmissions(100);
                release.helm().succeed("uninstall", "--wait");
                load.awaitAdmissions(100);
            }
            System.out.println("helm uninstall, Helm " + version + ": " + load.admitted() + " admissions, "
                    + load.failures().size() + " failures");
            assertThat(load.failures()).isEmpty();
            release.awaitNothingLeft();
            release.admitted(NAMESPACE, "root-" + version, images.root());
        }
    }

    @Test
    void leavesNothingWithoutHooksEither(PodCluster cluster, ImageRegistry images) throws Exception {
        try (Release release = new Release(cluster, images, 3)) {
            release.install("uninstallJob=true");
            release.helm().succeed("uninstall", "--no-hooks", "--wait");
            release.awaitNothingLeft();
        }
    }
}
