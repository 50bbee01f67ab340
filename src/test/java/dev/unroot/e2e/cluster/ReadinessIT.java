package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A replica is ready once it knows what it needs to, and from then on goes by what it knows. */
@ExtendWith(Cluster.class)
class ReadinessIT {

    @Test
    void whatIsNotKnownYetKeepsItUnreadyAndWhatIsKnownKeepsItReady(ControlPlane controlPlane, ImageRegistry images)
            throws Exception {
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            InstalledChart chart = installation.chart();
            chart.deleteRights();
            UnrootProcess replica = installation.launchReplica();
            Eventually.await(
                    "nothing but the cluster to be missing",
                    () -> replica.readiness()
                            .matches("(?s)not ready\n"
                                    + "certificate: ValidatingWebhookConfiguration unroot cannot be read: [^\n]* 403[^\n]*"
                                    + " Unroot's role has to allow get on it\n"
                                    + "namespaces: are not all known yet: [^\n]* 403[^\n]*\n"));
            assertThat(replica.isReady()).isFalse();

            chart.applyIdentity();
            Eventually.await("the replica to be ready", replica::isReady);
            // On a busy machine not to the end, and told after it is ready by the clock; nothing of it is seen in
            // either case.
            Eventually.await("the warm-up to be told of", () -> replica.log().contains("dev.unroot.webhook.WarmUp"));
            assertThat(replica.log()).doesNotContain("dev.unroot.decision");
            assertThat(replica.metrics())
                    .doesNotContain("unroot_admission_requests_total", "unroot_admission_decisions_total");

            chart.deleteRights();
            double before = replica.metric("unroot_ca_bundle_age_seconds");
            Eventually.await(
                    "what it knows to grow old", () -> replica.metric("unroot_ca_bundle_age_seconds") > before + 10);
            assertThat(replica.isReady()).isTrue();
            chart.applyIdentity();
            Eventually.await("it to be fresh", () -> replica.metric("unroot_ca_bundle_age_seconds") < before + 10);
        }
    }
}
