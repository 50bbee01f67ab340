package dev.unroot.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.certificate.CaBundle;
import dev.unroot.certificate.Lifetimes;
import dev.unroot.certificate.Rotation;
import dev.unroot.certificate.SecretContent;
import dev.unroot.certificate.ServiceName;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The certificate that Unroot looks after itself, with lifetimes of seconds, under a real API server and its roles. */
@ExtendWith(Cluster.class)
class SelfManagedCertificateIT {
    private static final int THREADS = 4;
    private static final Duration ROTATION = Duration.ofMinutes(4);

    @Test
    void twoThatStartAtOnceAreTrustedAndTheirCaIsReplacedUnderLoad(ControlPlane controlPlane, ImageRegistry images)
            throws Exception {
        KubernetesClient admin = controlPlane.admin();
        Namespaces.enforcing(admin, "rotated");
        String config = images.settings() + """
                certificates: {leafLifetime: 30s, caLifetime: 90s}
                shutdown: {drainDelay: 1s}
                """;
        try (WebhookInstallation installation = WebhookInstallation.selfManaged(controlPlane, config)) {
            Resource<ValidatingWebhookConfiguration> webhooks =
                    installation.chart().webhooks();
            List<UnrootProcess> replicas = installation.addReplicas(2);
            installation.awaitCalls();
            X509Certificate first = bundle(webhooks).certificates().get(0);

            Load load = new Load(admin, "rotated", images.numeric(), THREADS);
            Set<Set<X509Certificate>> seen = new HashSet<>();
            try (load) {
                load.awaitAdmissions(100);
                long end = System.nanoTime() + ROTATION.toNanos();
                while (bundle(webhooks).certificates().contains(first) && System.nanoTime() < end) {
                    seen.add(new HashSet<>(bundle(webhooks).certificates()));
                    Thread.sleep(250);
                }
                load.awaitAdmissions(100);
            }
            System.out.println("Rotation of the CA: " + load.admitted() + " admissions, "
                    + load.failures().size() + " failures: " + load.failures());
            assertThat(load.failures()).isEmpty();
            assertThat(bundle(webhooks).certificates()).as("the old CA is gone").doesNotContain(first);
            assertThat(seen).as("both together before that").anyMatch(trusted -> trusted.size() == 2);

            overwrite(webhooks);
            Eventually.await("the caBundle to be repaired", () -> isOurs(webhooks));
            installation.awaitCalls();
            for (UnrootProcess replica : replicas) {
                Eventually.await("a replica to be ready", replica::isReady);
                replica.terminate();
                assertThat(replica.awaitEnd()).isZero();
            }
            assertThat(admin.leases()
                            .inNamespace("unroot")
                            .withName("unroot")
                            .get()
                            .getSpec()
                            .getHolderIdentity())
                    .as("handed back")
                    .isNull();
        }
    }

    /** Only by the time that the API server's answers say: whose clock was wrong cannot be told otherwise. */
    @Test
    void aCaThatAWrongClockHasMadeIsReplaced(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        Instant future = Instant.now().plus(Duration.ofDays(4000));
        SecretContent wrong = new Rotation(new ServiceName("unroot", "unroot"), Lifetimes.DEFAULT)
                .next(SecretContent.EMPTY, CaBundle.EMPTY, authority -> false, future)
                .content();
        try (WebhookInstallation installation = WebhookInstallation.selfManaged(controlPlane, images.settings())) {
            controlPlane
                    .admin()
                    .secrets()
                    .inNamespace("unroot")
                    .withName("unroot-certificate")
                    .edit(secret ->
                            new SecretBuilder(secret).withData(wrong.data()).build());

            installation.addReplicas(2);
            installation.awaitCalls();

            assertThat(bundle(installation.chart().webhooks()).certificates())
                    .hasSize(2)
                    .endsWith(wrong.trusted().certificates().get(0));
        }
    }

    private static CaBundle bundle(Resource<ValidatingWebhookConfiguration> webhooks) {
        String base64 = webhooks.get().getWebhooks().get(0).getClientConfig().getCaBundle();
        return CaBundle.parse(Base64.getDecoder().decode(base64));
    }

    private static void overwrite(Resource<ValidatingWebhookConfiguration> webhooks) {
        webhooks.edit(configuration -> new ValidatingWebhookConfigurationBuilder(configuration)
                .editWebhook(0)
                .editClientConfig()
                .withCaBundle(Base64.getEncoder().encodeToString("garbage".getBytes(UTF_8)))
                .endClientConfig()
                .endWebhook()
                .build());
    }

    private static boolean isOurs(Resource<ValidatingWebhookConfiguration> webhooks) {
        try {
            return !bundle(webhooks).certificates().isEmpty();
        } catch (IllegalArgumentException garbage) {
            return false;
        }
    }
}
