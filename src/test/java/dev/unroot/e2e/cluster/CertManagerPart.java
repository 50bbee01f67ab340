package dev.unroot.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.unroot.TestAuthority;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Plays cert-manager's part while it is open: a Secret for each Certificate with DNS names, and its CA in the webhook
 * configurations that name the Certificate in an annotation.
 */
final class CertManagerPart implements AutoCloseable {
    private static final String INJECT = "cert-manager.io/inject-ca-from";
    private static final long PACE_MILLISECONDS = 500;

    private final KubernetesClient admin;
    private final TestAuthority authority = new TestAuthority("cert-manager");
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "cert-manager");
        made.setDaemon(true);
        return made;
    });

    /** @param admin of a cluster that has its kinds */
    CertManagerPart(KubernetesClient admin) {
        this.admin = admin;
        thread.scheduleWithFixedDelay(this::reconcile, 0, PACE_MILLISECONDS, TimeUnit.MILLISECONDS);
    }

    private void reconcile() {
        try {
            for (GenericKubernetesResource certificate : admin.genericKubernetesResources(
                            "cert-manager.io/v1", "Certificate")
                    .inAnyNamespace()
                    .list()
                    .getItems()) {
                List<String> names = certificate.get("spec", "dnsNames");
                if (names != null) {
                    issue(certificate.getMetadata().getNamespace(), certificate.get("spec", "secretName"), names);
                    inject(certificate.getMetadata());
                }
            }
        } catch (KubernetesClientException e) {
            System.err.println("cert-manager's part: " + e.getMessage());
        }
    }

    private void issue(String namespace, String secret, List<String> names) {
        if (admin.secrets().inNamespace(namespace).withName(secret).get() != null) {
            return;
        }
        TestAuthority.Issued issued = authority.server(names.toArray(String[]::new));
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(secret)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .addToData("ca.crt", base64(authority.certificate()))
                        .addToData("tls.crt", base64(issued.certificate()))
                        .addToData("tls.key", base64(issued.key()))
                        .build())
                .create();
    }

    private void inject(ObjectMeta certificate) {
        String wanted = certificate.getNamespace() + "/" + certificate.getName();
        String bundle = base64(authority.certificate());
        for (ValidatingWebhookConfiguration configuration : admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .list()
                .getItems()) {
            boolean isMeant = configuration.getMetadata().getAnnotations() != null
                    && wanted.equals(
                            configuration.getMetadata().getAnnotations().get(INJECT));
            if (isMeant && !configuration.getWebhooks().stream().allMatch(webhook -> has(webhook, bundle))) {
                configuration
                        .getWebhooks()
                        .forEach(webhook -> webhook.getClientConfig().setCaBundle(bundle));
                admin.resource(configuration).update();
            }
        }
    }

    private static boolean has(ValidatingWebhook webhook, String bundle) {
        return bundle.equals(webhook.getClientConfig().getCaBundle());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdownNow();
        thread.awaitTermination(1, TimeUnit.MINUTES);
    }
}
