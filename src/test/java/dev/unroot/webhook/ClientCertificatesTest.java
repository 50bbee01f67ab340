package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.TestAuthority;
import dev.unroot.TrustingClient;
import dev.unroot.certificate.CaBundle;
import dev.unroot.certificate.ClientCheck;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may call where client certificates are asked for. */
@Timeout(300)
class ClientCertificatesTest {
    private static final String BODY = Reviews.pod(Reviews.FINE_CONTAINER).toString();

    private final TestAuthority authority = new TestAuthority("API servers");
    private final TestAuthority stranger = new TestAuthority("API servers");
    private TestWebhook webhook;

    @BeforeEach
    void start() throws Exception {
        webhook = TestWebhook.start(TestWebhook.NAMESPACES, options -> options.withClients(check(authority)));
    }

    @AfterEach
    void stop() {
        webhook.close();
    }

    private static ClientCheck check(TestAuthority authority) {
        CaBundle bundle = CaBundle.parse(authority.certificate().getBytes(StandardCharsets.US_ASCII));
        return new ClientCheck(bundle, Set.of("kube-apiserver", "api"));
    }

    private HttpClient client(TestAuthority.Issued shown) throws Exception {
        return TrustingClient.of(webhook.certificate.caPem(), shown);
    }

    private HttpResponse<String> post(HttpClient client) throws Exception {
        return client.send(webhook.review(BODY), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void anAdmittedNameIsAnswered() throws Exception {
        for (String name : new String[] {"kube-apiserver", "api"}) {
            HttpResponse<String> answer = post(client(authority.client(name, "system:masters")));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"allowed\":true");
        }
    }

    @Test
    void anotherNameIsToldWhatToSet() throws Exception {
        HttpResponse<String> answer = post(client(authority.client("kubelet \"7\"\n", "kube-apiserver")));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body())
                .isEqualTo(
                        "The client certificate's common name \"kubelet \\\"7\\\"\\n\" is none of"
                                + " certificates.clientNames: add it there, or have the API server show another certificate.\n");
        assertThat(webhook.get("/metrics").body().lines())
                .contains("unroot_admission_requests_total{code=\"403\"} 1.0");
    }

    @Test
    void withoutACertificateThereIsNoConnection() {
        assertThatThrownBy(() -> post(client(null))).isInstanceOf(IOException.class);
        assertNothingCameIn();
    }

    /** The name of the CA is the same: it is the key that counts. */
    @Test
    void oneOfAnotherCaIsNone() {
        assertThatThrownBy(() -> post(client(stranger.client("kube-apiserver"))))
                .isInstanceOf(IOException.class);
        assertNothingCameIn();
    }

    private void assertNothingCameIn() {
        assertThat(webhook.metrics.scrape()).doesNotContain("unroot_admission_requests_total");
    }

    @Test
    void afterAnotherCaTookOverItsClientsAreAdmittedAndNewConnectionsOfTheOldOnesAreNot() throws Exception {
        HttpClient old = client(authority.client("kube-apiserver"));
        assertThat(post(old).statusCode()).isEqualTo(200);

        webhook.server
                .show(webhook.certificate.certificate(), check(stranger))
                .toCompletableFuture()
                .join();

        assertThat(post(client(stranger.client("kube-apiserver"))).statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> post(client(authority.client("kube-apiserver"))))
                .isInstanceOf(IOException.class);
        // Its connection is open still; another one would be refused.
        assertThat(post(old).statusCode()).isEqualTo(200);
        HttpResponse<String> wrongName = post(client(stranger.client("somebody")));
        assertThat(wrongName.statusCode()).as("names are asked for still").isEqualTo(403);
    }
}
