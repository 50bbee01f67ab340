package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two replicas under load, one of which goes. */
@ExtendWith(Cluster.class)
class ReplicasIT {
    private static final int THREADS = 6;
    /** How long it takes until kube-proxy has heard, at a guess; well within the time that a replica drains. */
    private static final long ENDPOINTS_MILLISECONDS = 2_000;

    @BeforeAll
    static void makeNamespace(ControlPlane controlPlane) {
        Namespaces.enforcing(controlPlane.admin(), "loaded");
    }

    @Test
    void aReplicaThatIsToldToStopFailsNobody(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            UnrootProcess leaving = installation.addReplica();
            UnrootProcess staying = installation.addReplica();
            installation.awaitCalls();
            Load load = new Load(controlPlane.admin(), "loaded", images.numeric(), THREADS);
            try (load) {
                load.awaitAdmissions(200);
                leaving.terminate();
                Thread.sleep(ENDPOINTS_MILLISECONDS);
                assertThat(leaving.isReady()).isFalse();
                installation.relay().remove(leaving.port());
                assertThat(leaving.awaitEnd()).isZero();
                load.awaitAdmissions(200);
            }
            System.out.println("SIGTERM of one replica of two: " + load.admitted() + " admissions, "
                    + load.failures().size() + " failures");
            assertThat(load.failures()).isEmpty();
            assertThat(staying.isReady()).isTrue();
        }
    }

    @Test
    void aReplicaThatIsKilledFailsOnlyWhatItHadInHand(ControlPlane controlPlane, ImageRegistry images)
            throws Exception {
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            UnrootProcess killed = installation.addReplica();
            installation.addReplica();
            installation.awaitCalls();
            Load load = new Load(controlPlane.admin(), "loaded", images.numeric(), THREADS);
            long lastConnectionEnded;
            try (load) {
                load.awaitAdmissions(200);
                killed.kill();
                Eventually.await(
                        "its connections to end", () -> installation.relay().connections(killed.port()) == 0);
                lastConnectionEnded = System.nanoTime();
                load.awaitAdmissions(200);
            }
            System.out.println("SIGKILL of one replica of two: " + load.admitted() + " admissions, "
                    + load.failures().size() + " failures");
            // Calls that were under way: a thread has one at a time.
            assertThat(load.failures()).hasSizeLessThanOrEqualTo(THREADS).allSatisfy(failure -> {
                assertThat(failure.begun()).isLessThan(lastConnectionEnded);
                assertThat(failure.message()).contains("failed calling webhook");
            });
        }
    }
}
