package dev.unroot.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.certificate.CaBundle;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, "")) {
            install(admin, installation.relay().port());
            List<UnrootProcess> replicas = startTwo(controlPlane, images);
            try {
                replicas.forEach(replica -> installation.relay().add(replica.port()));
                installation.awaitCalls();
                X509Certificate first = bundle(admin).certificates().get(0);

                Load load = new Load(admin, "rotated", images.numeric(), THREADS);
                Set<Set<X509Certificate>> seen = new HashSet<>();
                try (load) {
                    load.awaitAdmissions(100);
                    long end = System.nanoTime() + ROTATION.toNanos();
                    while (bundle(admin).certificates().contains(first) && System.nanoTime() < end) {
                        seen.add(new HashSet<>(bundle(admin).certificates()));
                        Thread.sleep(250);
                    }
                    load.awaitAdmissions(100);
                }
                System.out.println("Rotation of the CA: " + load.admitted() + " admissions, "
                        + load.failures().size() + " failures: " + load.failures());
                assertThat(load.failures()).isEmpty();
                assertThat(bundle(admin).certificates())
                        .as("the old CA is gone")
                        .doesNotContain(first);
                assertThat(seen).as("both together before that").anyMatch(trusted -> trusted.size() == 2);

                overwrite(admin);
                Eventually.await("the caBundle to be repaired", () -> isOurs(admin));
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
            } finally {
                for (UnrootProcess replica : replicas) {
                    replica.close();
                }
            }
        }
    }

    private static List<UnrootProcess> startTwo(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        Path folder = Files.createTempDirectory(controlPlane.folder(), "self-managed-");
        Path configuration = Files.writeString(folder.resolve("unroot.yaml"), """
                apiVersion: unroot.dev/v1
                kind: UnrootConfiguration
                certificates:
                  {secret: unroot-certificate, service: unroot, namespace: unroot, webhookConfiguration: unroot,
                   leafLifetime: 30s, caLifetime: 90s}
                leaderElection: {leaseName: unroot, namespace: unroot}
                shutdown: {drainDelay: 1s}
                """ + images.settings());
        Path kubeconfig = controlPlane.serviceAccountKubeconfig("unroot", "self-managed");
        List<CompletableFuture<UnrootProcess>> starts = new ArrayList<>();
        for (String name : List.of("one.log", "two.log")) {
            starts.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return UnrootProcess.start(folder.resolve(name), configuration, kubeconfig);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        return starts.stream().map(CompletableFuture::join).toList();
    }

    /** Secret and Lease empty, as the chart makes them, no caBundle, and the rights that docs/cluster-access.md lists. */
    private static void install(KubernetesClient admin, int port) throws IOException {
        String webhook = resource("webhook.yaml")
                .replace("${name}", "unroot")
                .replace("${port}", Integer.toString(port))
                .replace("${failurePolicy}", "Fail")
                .replace("${timeoutSeconds}", "10")
                .replace("      caBundle: ${caBundle}\n", "");
        for (String document : (resource("self-managed.yaml") + "---\n" + webhook).split("(?m)^---\n")) {
            HasMetadata object =
                    (HasMetadata) admin.getKubernetesSerialization().unmarshal(document);
            admin.resource(object).forceConflicts().serverSideApply();
        }
    }

    private static ValidatingWebhookConfiguration configuration(KubernetesClient admin) {
        return admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName("unroot")
                .get();
    }

    private static CaBundle bundle(KubernetesClient admin) {
        String base64 =
                configuration(admin).getWebhooks().get(0).getClientConfig().getCaBundle();
        return CaBundle.parse(Base64.getDecoder().decode(base64));
    }

    private static void overwrite(KubernetesClient admin) {
        admin.resource(new ValidatingWebhookConfigurationBuilder(configuration(admin))
                        .editWebhook(0)
                        .editClientConfig()
                        .withCaBundle(Base64.getEncoder().encodeToString("garbage".getBytes(UTF_8)))
                        .endClientConfig()
                        .endWebhook()
                        .build())
                .update();
    }

    private static boolean isOurs(KubernetesClient admin) {
        try {
            return !bundle(admin).certificates().isEmpty();
        } catch (IllegalArgumentException garbage) {
            return false;
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SelfManagedCertificateIT.class.getResourceAsStream("/e2e/" + name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
