package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.certificate.SelfSigned;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificatesTest {
    @Test
    void anotherCertificateIsShownToWhoConnectsNext() throws Exception {
        try (TestWebhook webhook = TestWebhook.start()) {
            String body = Reviews.pod(Reviews.FINE_CONTAINER).toString();
            assertThat(webhook.post(body).statusCode()).isEqualTo(200);
            SelfSigned next = SelfSigned.create(List.of(), Clock.systemUTC());
            webhook.server.show(next.certificate(), null).toCompletableFuture().join();

            // The open connection goes on, and a new one sees the new certificate.
            assertThat(webhook.post(body).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> webhook.client().send(webhook.review(body), HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            HttpClient trusting = HttpClient.newBuilder()
                    .sslContext(TestWebhook.trusting(next.caPem()))
                    .build();
            assertThat(trusting.send(webhook.review(body), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
