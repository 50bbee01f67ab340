package dev.unroot.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.TestAuthority;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A certificate from files, and a {@code caBundle} that somebody else looks after, and gets wrong. */
@ExtendWith(Cluster.class)
class CaBundleIT {

    @Test
    void aReplicaSaysThatItsCertificateIsNoLongerTrustedAndWhenItIsAgain(
            ControlPlane controlPlane, ImageRegistry images) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            UnrootProcess replica = installation.addReplica();
            installation.awaitCalls();
            assertThat(replica.metrics().lines()).contains("unroot_ca_bundle_matches 1.0");

            overwrite(admin, new TestAuthority("somebody else").certificate());
            Eventually.await("the replica to be unready", () -> !replica.isReady());
            assertThat(replica.readiness())
                    .isEqualTo(
                            "not ready\ncertificate: ValidatingWebhookConfiguration unroot: by the caBundle of webhook"
                                    + " pods.enforce.unroot.dev, the certificate was not signed by a CA that is trusted\n");
            assertThat(replica.metrics().lines()).contains("unroot_ca_bundle_matches 0.0");
            Eventually.await("the log to say so", () -> replica.log().contains("not signed by a CA that is trusted"));

            installation.chart().applyWebhooks(installation.relay().port());
            Eventually.await("the replica to be ready", replica::isReady);
            assertThat(replica.metrics().lines()).contains("unroot_ca_bundle_matches 1.0");
            installation.awaitCalls();
        }
    }

    /** Of the first webhook only: one that API servers do not trust is one too many. */
    private static void overwrite(KubernetesClient admin, String pem) {
        admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName("unroot")
                .edit(configuration -> new ValidatingWebhookConfigurationBuilder(configuration)
                        .editWebhook(0)
                        .editClientConfig()
                        .withCaBundle(Base64.getEncoder().encodeToString(pem.getBytes(UTF_8)))
                        .endClientConfig()
                        .endWebhook()
                        .build());
    }
}
