package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.unroot.common.Deadline;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.review.Decision;
import dev.unroot.review.Mode;
import dev.unroot.review.ReviewListener;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class WarmUpTest {
    private static final Duration LONG = Duration.ofSeconds(100);

    @Test
    void theReplicaIsReadyOnceItIsDone() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (TestWebhook webhook = TestWebhook.start();
                WarmUp warmUp = WarmUp.start(
                        webhook.readiness,
                        longest -> {
                            end.await();
                            return 7;
                        },
                        LONG)) {
            assertThat(webhook.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(webhook.get("/readyz").body())
                    .isEqualTo("not ready\nwarm-up: still answering requests of its own\n");
            assertThat(webhook.get("/healthz").statusCode()).isEqualTo(200);
            end.countDown();
            awaitReady(webhook);
            assertThat(warmUp).isNotNull();
        }
    }

    @Test
    void oneThatFailsKeepsNobodyWaitingAndSaysWhy() throws Exception {
        try (TestWebhook webhook = TestWebhook.start();
                LogCapture log = captured()) {
            WarmUp.start(
                    webhook.readiness,
                    longest -> {
                        throw new IllegalStateException("no port to be had");
                    },
                    LONG);
            awaitReady(webhook);
            assertThat(log.events()).singleElement().satisfies(event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage()).startsWith("could not warm up: ready all the same");
                assertThat(event.getThrowableProxy().getMessage()).isEqualTo("no port to be had");
            });
        }
    }

    /** Not even one that does not heed the time it was given. */
    @Test
    void oneThatHangsKeepsNobodyWaiting() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (TestWebhook webhook = TestWebhook.start();
                WarmUp warmUp = WarmUp.start(
                        webhook.readiness,
                        longest -> {
                            never.await();
                            return 0;
                        },
                        Duration.ofMillis(200))) {
            awaitReady(webhook);
            assertThat(warmUp).isNotNull();
        }
    }

    @Test
    void oneThatIsCutShortSaysSo() throws Exception {
        try (LogCapture log = captured()) {
            WarmUp.start(new Readiness(), Rehearsal::run, Duration.ZERO);
            awaitLines(log, 1);
            ILoggingEvent event = log.events().get(0);
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains("time to warm up was too short");
            assertThat(LogCapture.values(event)).containsEntry("requests", 0);
        }
    }

    @Test
    void nothingOfItIsSeen() throws Exception {
        Set<String> asked = new TreeSet<>();
        try (LogCapture decisions = new LogCapture(Level.DEBUG);
                LogCapture log = captured();
                TestWebhook webhook = TestWebhook.start(
                        (namespace, deadline) -> {
                            asked.add(namespace);
                            return TestWebhook.NAMESPACES.labels(namespace, deadline);
                        },
                        UnaryOperator.identity())) {
            decisions.start();
            List<String> before = counted(webhook);
            WarmUp.start(webhook.readiness, Rehearsal::run, LONG);
            awaitLines(log, 1);
            assertThat(log.events().get(0).getFormattedMessage()).isEqualTo("warmed up");
            assertThat(LogCapture.values(log.events().get(0)))
                    .containsEntry("requests", 4 * Rehearsal.bodies().size());
            awaitReady(webhook);

            assertThat(counted(webhook)).isEqualTo(before).isNotEmpty();
            assertThat(decisions.events()).isEmpty();
            assertThat(asked).isEmpty();
        }
    }

    private static List<String> counted(TestWebhook webhook) throws Exception {
        return webhook.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.matches("unroot_(admission|image)_.*"))
                .toList();
    }

    /** What is warmed is what API servers ask for: denials, warnings and annotations, at every level that requires something. */
    @Test
    void itsReviewsComeToAllThatReviewsComeTo() throws Exception {
        AdmissionReviewReader reader = new AdmissionReviewReader(PodTemplates.BUILT_IN);
        Set<String> seen = new TreeSet<>();
        for (Buffer body : Rehearsal.bodies()) {
            ReceivedReview review = reader.read(body.getBytes(), body.length());
            Decision decision = Rehearsal.reviewer(ReviewListener.NONE)
                    .review(review.request(), Deadline.in(LONG))
                    .toCompletableFuture()
                    .join();
            for (Decision.Evaluation evaluation : decision.evaluations()) {
                if (evaluation.mode() == Mode.ENFORCE) {
                    seen.add((decision.allowed() ? "allows " : "denies ")
                            + evaluation.level().label());
                }
            }
            if (!decision.warnings().isEmpty()) {
                seen.add("warns");
            }
            if (decision.auditAnnotations().containsKey("audit-violations")) {
                seen.add("annotates");
            }
        }
        assertThat(seen)
                .contains("allows nonroot", "allows hardened", "allows explicit")
                .contains("denies nonroot", "denies hardened", "denies explicit")
                .contains("warns", "annotates");
    }

    private static LogCapture captured() {
        LogCapture log = new LogCapture(WarmUp.class.getName(), Level.INFO);
        log.start();
        return log;
    }

    private static void awaitLines(LogCapture log, int count) throws InterruptedException {
        while (log.events().size() < count) {
            Thread.sleep(20);
        }
    }

    private static void awaitReady(TestWebhook webhook) throws Exception {
        while (webhook.get("/readyz").statusCode() != 200) {
            Thread.sleep(20);
        }
    }
}
