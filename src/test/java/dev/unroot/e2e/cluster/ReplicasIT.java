package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
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
    static void makeNamespace(ControlPlane controlPlane) throws Exception {
        Namespaces.enforcing(controlPlane.admin(), "loaded");
    }

    @Test
    void aReplicaThatIsToldToStopFailsNobody(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        // Long, so that a busy machine has told the relay by then.
        try (WebhookInstallation installation = new WebhookInstallation(
                controlPlane,
                images.settings() + "shutdown: {drainDelay: 30s}\n",
                "terminationGracePeriodSeconds: 60\n")) {
            UnrootProcess leaving = installation.addReplica();
            UnrootProcess staying = installation.addReplica();
            installation.awaitCalls();
            Load load = new Load(controlPlane.admin(), "loaded", images.numeric(), THREADS);
            try (load) {
                load.awaitAdmissions(200);
                leaving.terminate();
                Eventually.await("the replica to be unready", () -> !leaving.isReady());
                Thread.sleep(ENDPOINTS_MILLISECONDS);
                // It goes on taking connections until nobody sends it any.
                assertThat(installation.relay().refusals()).isZero();
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
            long settled;
            try (load) {
                load.awaitAdmissions(200);
                killed.kill();
                Eventually.await(
                        "its connections to end", () -> installation.relay().connections(killed.port()) == 0);
                // The API server may take a moment to notice an end that it was told of.
                load.awaitAdmissions(100);
                settled = System.nanoTime();
                load.awaitAdmissions(100);
            }
            System.out.println("SIGKILL of one replica of two: " + load.admitted() + " admissions, "
                    + load.failures().size() + " failures");
            // Calls that were under way, or were sent before the end was noticed: one for each connection at most.
            assertThat(load.failures())
                    .hasSizeLessThanOrEqualTo(installation.relay().connectionsMade(killed.port()))
                    .allSatisfy(failure -> {
                        assertThat(failure.begun()).isLessThan(settled);
                        assertThat(failure.message()).contains("failed calling webhook");
                    });
        }
    }
}
