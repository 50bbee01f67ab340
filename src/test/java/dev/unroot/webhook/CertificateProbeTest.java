package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.Eventually;
import dev.unroot.certificate.CaBundle;
import dev.unroot.certificate.CertificateProbe;
import dev.unroot.certificate.ClientCheck;
import dev.unroot.certificate.SelfSigned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class CertificateProbeTest {
    private static final String HOST = "unroot.unroot.svc";
    private static final String BODY = Reviews.pod(Reviews.FINE_CONTAINER).toString();

    private static CaBundle bundle(SelfSigned made) {
        return CaBundle.parse(made.caPem().getBytes(StandardCharsets.US_ASCII));
    }

    private static void awaitReadiness(TestWebhook webhook, String wanted) throws Exception {
        Eventually.passes("readiness", () -> {
            String body = webhook.get("/readyz").body();
            if (wanted.equals("ready\n")) {
                assertThat(body).isEqualTo(wanted);
            } else {
                assertThat(body).contains(wanted);
            }
        });
    }

    @Test
    void saysWhetherWhatIsServedIsTrusted() throws Exception {
        try (TestWebhook webhook = TestWebhook.start()) {
            AtomicReference<CaBundle> trusted = new AtomicReference<>(CaBundle.EMPTY);
            try (CertificateProbe probe = CertificateProbe.start(
                    webhook.server.port(),
                    HOST,
                    (chain, now) -> trusted.get().problem(chain, HOST, now),
                    webhook.metrics.certificate(),
                    Clock.systemUTC())) {
                webhook.readiness.require("certificate", probe::problem);
                awaitReadiness(webhook, "certificate: the certificate was not signed by a CA that is trusted");
                assertThat(webhook.get("/metrics").body().lines()).contains("unroot_ca_bundle_matches 0.0");

                trusted.set(bundle(webhook.certificate));
                probe.changed();
                awaitReadiness(webhook, "ready\n");
                assertThat(webhook.get("/metrics").body().lines()).contains("unroot_ca_bundle_matches 1.0");

                // Another certificate is shown, which the same bundle does not verify.
                SelfSigned next = SelfSigned.create(List.of(HOST), Clock.systemUTC());
                webhook.server
                        .show(next.certificate(), null)
                        .toCompletableFuture()
                        .join();
                probe.changed();
                awaitReadiness(webhook, "not signed by a CA that is trusted");
                trusted.set(bundle(next));
                awaitReadiness(webhook, "ready\n");
            }
        }
    }

    @Test
    void onlyClientsWithACertificateComeIn() throws Exception {
        SelfSigned clients = SelfSigned.create(List.of(), Clock.systemUTC());
        ClientCheck check = new ClientCheck(bundle(clients), Set.of());
        UnaryOperator<WebhookOptions> options = before -> before.withClients(check);
        try (TestWebhook webhook = TestWebhook.start(TestWebhook.NAMESPACES, options)) {
            assertThatThrownBy(() -> webhook.post(BODY)).isInstanceOf(IOException.class);
            // Another certificate is shown, and a client's is still asked for.
            webhook.server
                    .show(webhook.certificate.certificate(), check)
                    .toCompletableFuture()
                    .join();
            assertThatThrownBy(() -> webhook.post(BODY)).isInstanceOf(IOException.class);
            // The probe has no certificate, and sees the server's all the same.
            try (CertificateProbe probe = CertificateProbe.start(
                    webhook.server.port(),
                    HOST,
                    (chain, now) -> bundle(webhook.certificate).problem(chain, HOST, now),
                    webhook.metrics.certificate(),
                    Clock.systemUTC())) {
                webhook.readiness.require("certificate", probe::problem);
                awaitReadiness(webhook, "ready\n");
            }
        }
    }
}
