package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.review.Namespaces;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class EventLoopHeartbeatsTest {
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
                TestWebhook.start(blocking, options -> TestWebhook.withStuckAfter(options, Duration.ofMillis(2500)))) {
            CompletableFuture<HttpResponse<String>> review = webhook.client.sendAsync(
                    webhook.review(Reviews.pod(Reviews.FINE_CONTAINER).toString()),
                    HttpResponse.BodyHandlers.ofString());
            stuck.await();
            try {
                assertThat(awaitHealth(webhook, 503)).containsPattern("has not turned for [1-9][0-9]* s");
            } finally {
                // A loop that stays stuck cannot be closed.
                end.countDown();
            }
            review.join();
            awaitHealth(webhook, 200);
        }
    }

    /** What it answers together with that status. */
    private static String awaitHealth(TestWebhook webhook, int wanted) throws Exception {
        AtomicReference<HttpResponse<String>> health = new AtomicReference<>();
        Eventually.await("/healthz to answer " + wanted, () -> {
            health.set(webhook.get("/healthz"));
            return health.get().statusCode() == wanted;
        });
        return health.get().body();
    }
}
