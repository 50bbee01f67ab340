package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ConfigMap changes under a webhook that serves. */
@ExtendWith(Cluster.class)
class ConfigurationReloadIT {
    private static final int THREADS = 4;
    private static final String LENIENT = "enforce: none";
    private static final String STRICT = "enforce: nonroot";
    private static final String IN_FORCE = "unroot_config_current 1.0";

    @Test
    void aNewModeCountsWithoutADroppedAdmissionAndABadOneChangesNothing(ControlPlane controlPlane, ImageRegistry images)
            throws Exception {
        KubernetesClient admin = controlPlane.admin();
        Namespaces.enforcing(admin, "reload-loaded");
        Namespaces.create(admin, "reload-unlabelled", Map.of());
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            UnrootProcess replica = installation.addReplica();
            installation.awaitCalls();
            String lenient = installation.configuration();
            String strict = lenient.replaceFirst(LENIENT, STRICT);
            assertThat(strict).isNotEqualTo(lenient);

            Load load = new Load(admin, "reload-loaded", images.numeric(), THREADS);
            try (load) {
                load.awaitAdmissions(50);
                assertThat(admitsRoot(admin, images)).isTrue();
                installation.configure(strict);
                Eventually.await("the new mode", () -> !admitsRoot(admin, images));
                awaitMetrics(replica, IN_FORCE, "unroot_config_reload_total{result=\"applied\"} 1.0");
                load.awaitAdmissions(50);

                installation.configure(strict.replaceFirst(STRICT, "enforce: high"));
                awaitMetrics(
                        replica, "unroot_config_current 0.0", "unroot_config_reload_total{result=\"refused\"} 1.0");
                Eventually.passes(
                        "the log to say so",
                        () -> assertThat(replica.log())
                                .contains("the changed configuration is refused, the one before stays in force")
                                .contains("defaults.enforce: \\\"high\\\" is no level"));
                assertThat(replica.isReady()).isTrue();
                assertThat(admitsRoot(admin, images)).as("by the one before").isFalse();
                load.awaitAdmissions(50);

                installation.configure(lenient);
                Eventually.await("the first mode again", () -> admitsRoot(admin, images));
                awaitMetrics(replica, IN_FORCE, "unroot_config_reload_total{result=\"applied\"} 2.0");
            }
            System.out.println("Configuration changed three times, once to a bad one: " + load.admitted()
                    + " admissions, " + load.failures().size() + " failures");
            assertThat(load.failures()).isEmpty();
        }
    }

    /** What is in force is counted, and told, a moment after it is. */
    private static void awaitMetrics(UnrootProcess replica, String... lines) throws InterruptedException {
        Eventually.passes("metrics", () -> assertThat(replica.metrics().lines()).contains(lines));
    }

    /** In a namespace without labels, where the defaults count. */
    private static boolean admitsRoot(KubernetesClient admin, ImageRegistry images) {
        try {
            admin.resource(Pods.of("reload-unlabelled", "app", images.root()))
                    .dryRun()
                    .create();
            return true;
        } catch (KubernetesClientException denied) {
            assertThat(denied.getCode()).isEqualTo(403);
            assertThat(denied.getMessage()).contains(Refusal.rootMessage(images));
            return false;
        }
    }
}
