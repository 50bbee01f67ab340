package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.review.Namespaces;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class HeartbeatsTest {
    @Test
    void aStuckEventLoopIsNoticed() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Namespaces blocking = (namespace, deadline) -> {
            stuck.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return CompletableFuture.completedFuture(Map.of());
        };
        try (TestWebhook webhook =
                TestWebhook.start(blocking, options -> options.withStuckAfter(Duration.ofMillis(2500)))) {
            CompletableFuture<HttpResponse<String>> review = webhook.client.sendAsync(
                    webhook.review(Reviews.pod(Reviews.FINE_CONTAINER).toString()),
                    HttpResponse.BodyHandlers.ofString());
            stuck.await();
            try {
                awaitHealth(webhook, 503);
                assertThat(webhook.get("/healthz").body()).contains("has not turned for 2 s");
            } finally {
                // A loop that stays stuck cannot be closed.
                end.countDown();
            }
            review.join();
            awaitHealth(webhook, 200);
        }
    }

    private static void awaitHealth(TestWebhook webhook, int wanted) throws Exception {
        for (int attempt = 0; attempt < 600; attempt++) {
            if (webhook.get("/healthz").statusCode() == wanted) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("/healthz never answered " + wanted);
    }
}
