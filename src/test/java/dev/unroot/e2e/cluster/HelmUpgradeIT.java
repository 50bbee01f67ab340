package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code helm upgrade} and {@code helm rollback} while pods are created without end. */
@ExtendWith(Cluster.class)
class HelmUpgradeIT {
    /**
     * What API servers trust, and what is served.
     *
     * @param secret of the certificate, base64
     * @param bundles of the webhooks
     */
    private record Trust(Map<String, String> secret, Set<String> bundles) {
        static Trust of(KubernetesClient admin) {
            return new Trust(
                    admin.secrets()
                            .inNamespace(Helm.NAMESPACE)
                            .withName("unroot-certificate")
                            .get()
                            .getData(),
                    admin
                            .admissionRegistration()
                            .v1()
                            .validatingWebhookConfigurations()
                            .withName(Helm.RELEASE)
                            .get()
                            .getWebhooks()
                            .stream()
                            .map(HelmUpgradeIT::bundle)
                            .collect(Collectors.toSet()));
        }
    }

    private static String bundle(ValidatingWebhook webhook) {
        String bundle = webhook.getClientConfig().getCaBundle();
        return bundle == null ? "" : bundle;
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 3})
    void failsNobody(int version, PodCluster cluster, ImageRegistry images) throws Exception {
        KubernetesClient admin = cluster.admin();
        String enforcing = Namespaces.enforcing(admin, "helm-upgraded-" + version);
        String unlabelled = Namespaces.create(admin, "helm-unlabelled-" + version, Map.of());
        try (Release release = new Release(cluster, images, version)) {
            release.install("level=nonroot");
            Trust trust = Trust.of(admin);
            assertThat(trust.secret()).containsKeys("ca.crt", "ca.key", "tls.crt", "tls.key");
            assertThat(trust.bundles()).containsExactly(trust.secret().get("ca.crt"));

            Load load = release.load(enforcing);
            try (load) {
                load.awaitAdmissions(50);
                assertThat(isDenied(release, unlabelled, images)).isFalse();
                fromAuditToEnforce(release, unlabelled, images);
                assertThat(Trust.of(admin)).isEqualTo(trust);
                load.awaitAdmissions(50);

                toWhatUnrootRefuses(cluster, release);
                assertThat(isDenied(release, unlabelled, images)).isTrue();
                load.awaitAdmissions(50);

                release.helm().succeed("rollback", "--wait");
                Eventually.await("both pods to be ready", () -> readyPods(admin).size() == 2);
                assertThat(isDenied(release, unlabelled, images)).isTrue();

                release.helm().succeed("rollback", "1", "--wait");
                Eventually.await("the first mode to be back", () -> !isDenied(release, unlabelled, images));
                assertThat(Trust.of(admin)).isEqualTo(trust);
                load.awaitAdmissions(50);
            }
            System.out.println("Two upgrades and two roll-backs, Helm " + version + ": " + load.admitted()
                    + " admissions, " + load.failures().size() + " failures");
            assertThat(load.failures()).isEmpty();
        }
    }

    private static void fromAuditToEnforce(Release release, String unlabelled, ImageRegistry images) throws Exception {
        Programs.Result upgraded = release.upgrade(List.of(), "mode=enforce");
        assertThat(upgraded.exit()).as(upgraded.err() + release.pods()).isZero();
        assertThat(upgraded.out()).contains("Pods below level nonroot are now denied in every namespace without");
        Eventually.await("the new mode", () -> isDenied(release, unlabelled, images));
    }

    /** Which the chart's schema cannot tell. Its pods do not become ready, so that those with the configuration before it stay. */
    private static void toWhatUnrootRefuses(PodCluster cluster, Release release) throws Exception {
        Eventually.await(
                "both pods to be ready, and no other",
                () -> readyPods(cluster.admin()).size() == 2);
        Set<String> before = readyPods(cluster.admin());

        Programs.Result refused = release.upgrade(List.of("--timeout", "45s"), "config.exemptions.images={ubuntu}");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("UPGRADE FAILED");
        Eventually.passes(
                "the same pods to be ready",
                () -> assertThat(readyPods(cluster.admin())).isEqualTo(before));
        Eventually.passes("the new ones to say why they are not", () -> {
            Programs.Result said = cluster.controlPlane()
                    .kubectl(cluster.controlPlane().adminKubeconfig())
                    .run(
                            "--namespace",
                            Helm.NAMESPACE,
                            "logs",
                            "--selector",
                            "app.kubernetes.io/name=unroot",
                            "--tail=20");
            assertThat(said.out()).as(said.err()).contains("exemptions.images").contains("ubuntu");
        });
    }

    private static Set<String> readyPods(KubernetesClient admin) {
        return admin
                .pods()
                .inNamespace(Helm.NAMESPACE)
                .withLabel("app.kubernetes.io/name", "unroot")
                .list()
                .getItems()
                .stream()
                .filter(Readiness::isPodReady)
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(Pod::getMetadata)
                .map(metadata -> metadata.getName())
                .collect(Collectors.toSet());
    }

    private static boolean isDenied(Release release, String namespace, ImageRegistry images) {
        return release.answer(namespace, images.root())
                .equals(release.runsAsRoot().message());
    }
}
