package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.Eventually;
import dev.unroot.certificate.SelfSigned;
import dev.unroot.review.Namespaces;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final String POD = Reviews.pod(Reviews.FINE_CONTAINER).toString();

    /** Unready at once, and still serving: on old connections and on new ones, each of which is then closed. */
    @Test
    void servesOnForTheDelay() throws Exception {
        TestWebhook webhook = TestWebhook.start();
        try {
            assertThat(webhook.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(webhook.post(POD).headers().firstValue("Connection")).isEmpty();

            CompletableFuture<Void> closed =
                    webhook.server.close(Duration.ofDays(1), Duration.ZERO).toCompletableFuture();

            HttpResponse<String> readiness = webhook.get("/readyz");
            assertThat(readiness.statusCode()).isEqualTo(503);
            assertThat(readiness.body()).contains("shutdown: in progress");
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = webhook.post(POD);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.headers().firstValue("Connection")).contains("close");
            }
            assertThat(closed).isNotDone();
        } finally {
            webhook.closeInMidDelay();
        }
    }

    @Test
    void drainsWithoutFailingAnyone() throws Exception {
        CompletableFuture<Map<String, String>> labels = new CompletableFuture<>();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        Namespaces namespaces = (namespace, deadline) -> {
            if (namespace.equals("slow")) {
                asked.complete(null);
                return labels.copy();
            }
            return CompletableFuture.completedFuture(Map.of());
        };
        try (TestWebhook webhook = TestWebhook.start(namespaces, UnaryOperator.identity())) {
            assertThat(webhook.post(POD).headers().firstValue("Connection")).isEmpty();
            HttpRequest slow = webhook.review(Reviews.pod(Reviews.FINE_CONTAINER)
                    .with("namespace", "\"slow\"")
                    .toString());
            CompletionStage<HttpResponse<String>> inFlight =
                    webhook.client.sendAsync(slow, HttpResponse.BodyHandlers.ofString());
            asked.join();

            CompletableFuture<Void> closed = webhook.server
                    .close(Duration.ofMillis(100), Duration.ofSeconds(30))
                    .toCompletableFuture();

            // After the delay nothing new is accepted, while what is in flight is waited for.
            awaitRefusedConnections(webhook);
            assertThat(closed).isNotDone();
            assertThat(webhook.get("/healthz").statusCode()).isEqualTo(200);

            labels.complete(Map.of());
            HttpResponse<String> late = inFlight.toCompletableFuture().join();
            assertThat(late.statusCode()).isEqualTo(200);
            assertThat(late.headers().firstValue("Connection")).contains("close");
            closed.join();
            assertThatThrownBy(() -> webhook.get("/healthz")).isInstanceOf(IOException.class);
        }
    }

    private static void awaitRefusedConnections(TestWebhook webhook) throws Exception {
        Eventually.await("connections to be refused", () -> {
            try {
                webhook.client().send(webhook.review(POD), HttpResponse.BodyHandlers.ofString());
                return false;
            } catch (IOException refused) {
                return true;
            }
        });
    }

    @Test
    void cutsOffWhatOutlastsTheGrace() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>();
        Namespaces hanging = (namespace, deadline) -> {
            asked.complete(null);
            return new CompletableFuture<>();
        };
        try (TestWebhook webhook = TestWebhook.start(hanging, UnaryOperator.identity())) {
            CompletableFuture<HttpResponse<String>> inFlight =
                    webhook.client.sendAsync(webhook.review(POD), HttpResponse.BodyHandlers.ofString());
            asked.join();
            webhook.server
                    .close(Duration.ZERO, Duration.ofMillis(300))
                    .toCompletableFuture()
                    .join();
            assertThatThrownBy(inFlight::join).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void closingTwiceIsClosingOnce() throws Exception {
        try (TestWebhook webhook = TestWebhook.start()) {
            CompletionStage<Void> first = webhook.server.close(Duration.ZERO, Duration.ofSeconds(1));
            assertThat(webhook.server.close(Duration.ofDays(1), Duration.ofDays(1)))
                    .isSameAs(first);
            first.toCompletableFuture().join();
        }
    }

    @Test
    void saysWhichPortCannotBeHad() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> TestWebhook.start(
                            TestWebhook.NAMESPACES,
                            options -> WebhookOptions.listening("127.0.0.1", port, "127.0.0.1", 0)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + port)
                    .hasMessageEndingWith(". End what listens there, or choose another port with --port");
            assertThatThrownBy(() -> TestWebhook.start(
                            TestWebhook.NAMESPACES,
                            options -> WebhookOptions.listening("127.0.0.1", 0, "127.0.0.1", port)))
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + port)
                    .hasMessageEndingWith(" choose another port with --management-port");
        }
    }

    /** Root may have any port, so the operating system is not asked. */
    @Test
    void saysWhyAPortIsForbidden() {
        assertThat(WebhookServer.advice("Permission denied", 443))
                .isEqualTo("Ports under 1024 are for root alone: choose another one with ");
        assertThat(WebhookServer.advice("Permission denied", 8443)).isEqualTo("Choose another port with ");
        assertThat(WebhookServer.advice("Cannot assign requested address", 443)).isEqualTo("Choose another port with ");
    }

    @Test
    void idleTimeoutsThatBreakApiServersAreRefused() {
        WebhookOptions options = WebhookOptions.listening("127.0.0.1", 0, "127.0.0.1", 0);
        assertThat(options.idleTimeout()).isEqualTo(Duration.ofSeconds(180));
        assertThatThrownBy(() -> new WebhookOptions(
                        "h", 0, "h", 0, 1, Capacity.ofThisProcess(), Duration.ofSeconds(119), Duration.ZERO, null))
                .hasMessageContaining("120 s");
        HttpServerOptions http = AdmissionServer.httpOptions(
                options, SelfSigned.create(List.of(), Clock.systemUTC()).certificate());
        assertThat(http.getIdleTimeoutUnit().toSeconds(http.getIdleTimeout())).isEqualTo(180);
        assertThat(http.getReadIdleTimeout()).isZero();
        assertThat(http.getWriteIdleTimeout()).isZero();
    }

    @Test
    void writesNoFiles() throws Exception {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        Set<Path> before = files(temporary);
        try (TestWebhook webhook = TestWebhook.start()) {
            assertThat(webhook.post(POD + " ".repeat(600_000)).statusCode()).isEqualTo(200);
            assertThat(webhook.get("/metrics").statusCode()).isEqualTo(200);
            Set<Path> made = files(temporary);
            made.removeAll(before);
            // Other programs may write there too.
            assertThat(made).noneMatch(path -> path.toString().matches(".*(vertx|netty|file-uploads).*"));
        }
        assertThat(Path.of("file-uploads")).doesNotExist();
    }

    private static Set<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.collect(HashSet::new, Set::add, Set::addAll);
        }
    }
}
