package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.unroot.Eventually;
import dev.unroot.review.Namespaces;
import dev.unroot.review.UndecidedException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever goes wrong inside is a 500 in time and a line in the log, never an allow. */
class FaultsTest {
    private final LogCapture log = new LogCapture(Level.INFO);

    @BeforeEach
    void capture() {
        log.start();
    }

    @AfterEach
    void stopCapturing() {
        log.close();
    }

    private static Namespaces failing(Throwable failure) {
        return (namespace, deadline) -> CompletableFuture.failedFuture(failure);
    }

    private static Namespaces throwing(Error failure) {
        return (namespace, deadline) -> {
            throw failure;
        };
    }

    private static int deep(int depth) {
        return depth < 0 ? 0 : 1 + deep(depth + 1);
    }

    static Stream<Arguments> faults() {
        Namespaces exception = (namespace, deadline) -> {
            throw new IllegalStateException("planted");
        };
        Namespaces later = (namespace, deadline) -> CompletableFuture.supplyAsync(() -> {
            throw new IllegalStateException("planted");
        });
        Namespaces overflow = (namespace, deadline) -> CompletableFuture.completedFuture(Map.of("x", "" + deep(0)));
        Namespaces nothing = (namespace, deadline) -> CompletableFuture.completedFuture(null);
        return Stream.of(
                Arguments.of("throws an exception", exception, "planted"),
                Arguments.of("throws an error", throwing(new AssertionError("planted")), "planted"),
                Arguments.of("overflows the stack", overflow, null),
                Arguments.of("fails at once", failing(new IllegalStateException("planted")), "planted"),
                Arguments.of("fails with an error", failing(new StackOverflowError("planted")), "planted"),
                Arguments.of("fails on another thread", later, "planted"),
                Arguments.of("gives null", nothing, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void aFaultIs500(String name, Namespaces namespaces, String message) throws Exception {
        try (TestWebhook webhook = TestWebhook.start(namespaces, UnaryOperator.identity())) {
            String small = Reviews.pod(Reviews.FINE_CONTAINER).toString();
            for (String body : List.of(small, small + " ".repeat(600_000))) {
                HttpResponse<String> answer = webhook.post(body);
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).isEqualTo("Unroot could not decide because of a fault; its log says more.\n");
            }
        }
        assertThat(log.events()).hasSize(2).allSatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getThrowableProxy()).isNull();
            assertThat(LogCapture.values(event))
                    .containsEntry("uid", Reviews.UID)
                    .containsEntry("namespace", "default");
            assertThat(LogCapture.values(event).get("fault").toString())
                    .hasSizeLessThan(2_001)
                    .contains(message == null ? "java.lang." : ": " + message);
        });
        // Where it happened is told once: a stranger's pods may bring it about thousands of times.
        assertThat(log.events())
                .extracting(event ->
                        LogCapture.values(event).get("fault").toString().contains(", at "))
                .containsExactly(true, false);
    }

    @Test
    void aNamespaceThatCannotBeReadIsToldInASentence() throws Exception {
        String reason = "namespace \"default\" could not be read: the API server answered 403";
        List<Namespaces> unreadable = List.of(
                failing(new UndecidedException(reason)),
                (namespace, deadline) -> CompletableFuture.supplyAsync(() -> {
                    throw new UndecidedException(reason, new IllegalStateException("behind it"));
                }));
        for (Namespaces namespaces : unreadable) {
            try (TestWebhook webhook = TestWebhook.start(namespaces, UnaryOperator.identity())) {
                HttpResponse<String> answer =
                        webhook.post(Reviews.pod(Reviews.FINE_CONTAINER).toString());
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).isEqualTo("Unroot could not decide: " + reason + ".\n");
            }
        }
        assertThat(log.events()).hasSize(2).allSatisfy(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.ERROR);
            assertThat(event.getFormattedMessage()).isEqualTo("could not be decided: " + reason);
            assertThat(event.getThrowableProxy()).isNull();
            assertThat(LogCapture.values(event)).containsEntry("uid", Reviews.UID);
        });
    }

    @Test
    void aReviewThatHangsIs500InTime() throws Exception {
        Namespaces hanging = (namespace, deadline) -> new CompletableFuture<>();
        try (TestWebhook webhook = TestWebhook.start(hanging, UnaryOperator.identity())) {
            long started = System.nanoTime();
            HttpResponse<String> answer = webhook.send(webhook.request("/validate?timeout=2s")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            Reviews.pod(Reviews.FINE_CONTAINER).toString()))
                    .build());
            Duration took = Duration.ofNanos(System.nanoTime() - started);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo("Unroot could not decide within 1900 ms.\n");
            assertThat(took).isBetween(Duration.ofMillis(1800), Duration.ofSeconds(20));
            assertThat(webhook.metrics.inFlight()).hasValue(0);
        }
        ILoggingEvent event = log.events().get(0);
        assertThat(event.getLevel()).isEqualTo(Level.ERROR);
        assertThat(event.getFormattedMessage()).isEqualTo("was not decided in time");
        assertThat(LogCapture.values(event)).containsEntry("uid", Reviews.UID);
    }

    @Test
    void aCallerThatHangsUpCancelsItsReview() throws Exception {
        CompletableFuture<Void> cancelled = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        Namespaces waiting = (namespace, deadline) -> {
            deadline.onCancel(() -> cancelled.complete(null));
            asked.complete(null);
            return new CompletableFuture<>();
        };
        try (TestWebhook webhook = TestWebhook.start(waiting, UnaryOperator.identity())) {
            CompletableFuture<HttpResponse<String>> call = webhook.client.sendAsync(
                    webhook.review(Reviews.pod(Reviews.FINE_CONTAINER).toString()),
                    HttpResponse.BodyHandlers.ofString());
            asked.get(60, TimeUnit.SECONDS);
            call.cancel(true);
            cancelled.get(60, TimeUnit.SECONDS);
            // It is told so first, and ended then.
            Eventually.await(
                    "the request to be over", () -> webhook.metrics.inFlight().get() == 0);
        }
    }

    @Test
    void tellsReviewsHowLongTheyMayTake() throws Exception {
        List<Duration> told = new ArrayList<>();
        Namespaces listening = (namespace, deadline) -> {
            told.add(deadline.remaining());
            return TestWebhook.NAMESPACES.labels(namespace, deadline);
        };
        try (TestWebhook webhook = TestWebhook.start(listening, UnaryOperator.identity())) {
            webhook.post(Reviews.pod(Reviews.FINE_CONTAINER).toString());
        }
        assertThat(told)
                .singleElement()
                .satisfies(time -> assertThat(time).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(27)));
    }

    @Test
    void whatIsTooMuchAtOnceIs503AndComesBack() throws Exception {
        CompletableFuture<Map<String, String>> labels = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        Namespaces waiting = (namespace, deadline) -> {
            asked.complete(null);
            return labels.copy();
        };
        try (TestWebhook webhook = TestWebhook.start(waiting, options -> TestWebhook.withMost(options, 1, 1 << 20))) {
            HttpRequest review =
                    webhook.review(Reviews.pod(Reviews.FINE_CONTAINER).toString());
            CompletionStage<HttpResponse<String>> first =
                    webhook.client.sendAsync(review, HttpResponse.BodyHandlers.ofString());
            asked.join();

            HttpResponse<String> second = webhook.send(review);
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("Retry-After")).contains("1");
            assertThat(second.body()).isEqualTo("Unroot is busy with 1 requests.\n");

            labels.complete(Map.of());
            assertThat(first.toCompletableFuture().join().statusCode()).isEqualTo(200);
            assertThat(webhook.send(review).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void bodiesDoNotFillTheMemory() throws Exception {
        try (TestWebhook webhook =
                TestWebhook.start(TestWebhook.NAMESPACES, options -> TestWebhook.withMost(options, 10, 100_000))) {
            String review = Reviews.pod(Reviews.FINE_CONTAINER).toString();
            assertThat(webhook.post(review + " ".repeat(200_000)).statusCode()).isEqualTo(503);
            // What was held is given back.
            for (int i = 0; i < 3; i++) {
                assertThat(webhook.post(review + " ".repeat(90_000)).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    /** Whoever hangs up, or lets the time run out, gets no room for another body while a worker has not come to the first. */
    @Test
    void aBodyCountsUntilNobodyReadsItAnyMore() throws Exception {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        Namespaces blocking = (namespace, deadline) -> {
            goOn.join();
            return TestWebhook.NAMESPACES.labels(namespace, deadline);
        };
        try (TestWebhook webhook = TestWebhook.start(blocking, options -> TestWebhook.withMost(options, 10, 300_000))) {
            String large = Reviews.pod(Reviews.FINE_CONTAINER) + " ".repeat(200_000);
            HttpRequest impatient = webhook.request("/validate?timeout=1s")
                    .POST(HttpRequest.BodyPublishers.ofString(large))
                    .build();
            assertThat(webhook.send(impatient).statusCode()).isEqualTo(500);

            HttpResponse<String> second = webhook.send(impatient);
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.body()).isEqualTo("Unroot holds as much in memory as it may.\n");

            goOn.complete(null);
            Eventually.passes(
                    "its room to be given back",
                    () -> assertThat(webhook.post(large).statusCode()).isEqualTo(200));
        }
    }
}
