package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.unroot.certificate.CertifiedKey;
import dev.unroot.certificate.Lifetimes;
import dev.unroot.certificate.SecretContent;
import dev.unroot.certificate.SelfManagedCertificate;
import dev.unroot.certificate.SelfManagedOptions;
import dev.unroot.certificate.ServiceName;
import dev.unroot.certificate.WebhookCaBundles;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A cluster as the chart leaves it, with an empty Secret, and replicas that look when they are told to. */
final class CertificateFixture implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    static final ServiceName SERVICE = new ServiceName("unroot", "webhook");
    static final String SECRET = "unroot-tls";
    static final String CONFIGURATION = "unroot.dev";

    final ApiServer server = new ApiServer();
    final Time time = new Time();
    Lifetimes lifetimes = Lifetimes.DEFAULT;
    final KubernetesClient client;
    final List<Replica> replicas = new ArrayList<>();
    private final ClusterConnection administrator = server.connect();

    CertificateFixture() {
        client = administrator.client();
        client.namespaces().resource(ApiServer.namespace("unroot", Map.of())).create();
        client.secrets()
                .inNamespace("unroot")
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(SECRET)
                        .withLabels(Map.of("keep", "me"))
                        .endMetadata()
                        .withType("Opaque")
                        .build())
                .create();
        client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .resource(new ValidatingWebhookConfigurationBuilder()
                        .withNewMetadata()
                        .withName(CONFIGURATION)
                        .withLabels(Map.of("keep", "me"))
                        .endMetadata()
                        .addNewWebhook()
                        .withName("pods.unroot.dev")
                        .withTimeoutSeconds(7)
                        .withNewClientConfig()
                        .withNewService("webhook", "unroot", "/validate", 443)
                        .endClientConfig()
                        .endWebhook()
                        .addNewWebhook()
                        .withName("elsewhere.example")
                        .withNewClientConfig()
                        .withCaBundle("bm90IG91cnM=")
                        .withNewService("elsewhere", "other", "/", 443)
                        .endClientConfig()
                        .endWebhook()
                        .addNewWebhook()
                        .withName("workloads.unroot.dev")
                        .withNewClientConfig()
                        .withNewService("webhook", "unroot", "/validate", 443)
                        .endClientConfig()
                        .endWebhook()
                        .build())
                .create();
        server.requests().clear();
    }

    /** A clock that stands still until it is moved. */
    static final class Time extends Clock {
        private volatile Instant now = START;

        void pass(Duration some) {
            now = now.plus(some);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** One of several, with a connection of its own. */
    final class Replica implements AutoCloseable {
        final List<CertifiedKey> shown = new CopyOnWriteArrayList<>();
        final SelfManagedCertificate keeper;
        private final ClusterConnection connection = server.connect();

        Replica(BooleanSupplier leads) {
            keeper = new SelfManagedCertificate(
                    connection,
                    new SelfManagedOptions(SECRET, SERVICE, CONFIGURATION, lifetimes),
                    leads,
                    shown::add,
                    time);
        }

        @Nullable
        CertifiedKey served() {
            return shown.isEmpty() ? null : shown.get(shown.size() - 1);
        }

        @Override
        public void close() {
            keeper.close();
            connection.close();
        }
    }

    Replica replica() {
        return replica(() -> true);
    }

    Replica replica(BooleanSupplier leads) {
        Replica replica = new Replica(leads);
        replicas.add(replica);
        return replica;
    }

    Secret secret() {
        return client.secrets().inNamespace("unroot").withName(SECRET).get();
    }

    SecretContent content() {
        return SecretContent.read(secret().getData() == null ? Map.of() : secret().getData());
    }

    ValidatingWebhookConfiguration configuration() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(CONFIGURATION)
                .get();
    }

    WebhookCaBundles bundles() {
        return new WebhookConfiguration(client, CONFIGURATION, SERVICE).read();
    }

    void overwriteBundle(int webhook, String pem) {
        client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(CONFIGURATION)
                .edit(configuration -> new ValidatingWebhookConfigurationBuilder(configuration)
                        .editWebhook(webhook)
                        .editClientConfig()
                        .withCaBundle(Base64.getEncoder().encodeToString(pem.getBytes(UTF_8)))
                        .endClientConfig()
                        .endWebhook()
                        .build());
    }

    void overwriteSecret(Map<String, String> data) {
        client.secrets()
                .inNamespace("unroot")
                .resource(new SecretBuilder(secret()).withData(data).build())
                .update();
    }

    /** Why API servers would now refuse a replica; null where they take each that serves. */
    @Nullable
    String refusal() {
        WebhookCaBundles bundles = bundles();
        for (Replica replica : replicas) {
            CertifiedKey served = replica.served();
            String problem = served == null ? null : bundles.problem(served.chain(), SERVICE.host(), time.instant());
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    @Override
    public void close() {
        replicas.forEach(Replica::close);
        administrator.close();
        server.close();
    }
}
