package dev.unroot.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.unroot.Eventually;
import dev.unroot.Images;
import dev.unroot.Ports;
import dev.unroot.TestAuthority;
import dev.unroot.TrustingClient;
import dev.unroot.command.ServeOptions;
import dev.unroot.configuration.Configuration;
import dev.unroot.configuration.ConfigurationFile;
import dev.unroot.webhook.WarmUp;
import dev.unroot.webhook.WebhookServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** {@code serve --standalone} within this process, from a configuration file on. */
@Timeout(600)
class ServingTest {
    private static final String REVIEW = """
            {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1",
             "kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},
             "namespace":"shop","operation":"CREATE","userInfo":{"username":"jane"},
             "object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app","namespace":"shop"},
             "spec":{"containers":[{"name":"app","image":"app","securityContext":{"runAsUser":1000}}]}}}}
            """;

    private final TestAuthority authority = new TestAuthority("first");
    private final TestAuthority next = new TestAuthority("second");

    @TempDir
    private Path folder;

    private @Nullable Serving serving;
    private WebhookServer server;

    private void serve(String keys) throws Exception {
        String text = "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n" + keys;
        Path file = Files.writeString(folder.resolve("unroot.yaml"), text);
        ServeOptions options = new ServeOptions(file, true, null, 0, 0, folder.resolve("ca.crt"));
        serving = new Serving(options, ConfigurationFile.parse(text, file.toString()), text, Images.ofWebhook(null));
        server = serving.start();
    }

    /** However long the rest takes: here it waits for whoever reads what {@code --write-ca} names. */
    @Test
    void theKubeletSeesThatItLivesBeforeAnythingElseIsThere() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        int port = Ports.free();
        ServeOptions options = new ServeOptions(null, true, null, 0, port, pipe);
        serving = new Serving(options, Configuration.DEFAULT, null, Images.ofWebhook(null));
        CompletableFuture<WebhookServer> started = new CompletableFuture<>();
        Thread starting = new Thread(() -> {
            try {
                started.complete(serving.start());
            } catch (Exception e) {
                started.completeExceptionally(e);
            }
        });
        starting.start();

        Eventually.passes(
                "/healthz", () -> assertThat(get(port, "/healthz").statusCode()).isEqualTo(200));
        HttpResponse<String> ready = get(port, "/readyz");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("start: in progress", "admission server: does not listen yet");
        assertThat(started).isNotDone();

        assertThat(Files.readString(pipe)).startsWith("-----BEGIN CERTIFICATE-----");
        server = started.get();
        assertThat(server.managementPort()).isEqualTo(port);
        starting.join();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @AfterEach
    void stop() {
        if (serving != null) {
            serving.close();
        }
    }

    private HttpClient client(TestAuthority.@Nullable Issued shown) throws Exception {
        return TrustingClient.of(Files.readString(folder.resolve("ca.crt")), shown);
    }

    private HttpResponse<String> post(HttpClient client) throws Exception {
        URI uri = URI.create("https://127.0.0.1:" + server.port() + "/validate");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(REVIEW))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String management(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.managementPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void trust(TestAuthority clients) throws IOException {
        Path written = Files.writeString(folder.resolve("clients.new"), clients.certificate());
        Files.move(
                written,
                folder.resolve("clients.crt"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void serveClientsOfAnAuthority() throws Exception {
        trust(authority);
        serve("certificates: {clientCaFile: " + folder.resolve("clients.crt") + ", clientNames: [kube-apiserver]}\n");
    }

    @Test
    void onlyClientsThatTheConfigurationNamesAreAnswered() throws Exception {
        serveClientsOfAnAuthority();
        assertThat(post(client(authority.client("kube-apiserver"))).statusCode())
                .isEqualTo(200);
        HttpResponse<String> otherName = post(client(authority.client("kubelet")));
        assertThat(otherName.statusCode()).isEqualTo(403);
        assertThat(otherName.body()).contains("\"kubelet\" is none of certificates.clientNames: add it there");
        assertThatThrownBy(() -> post(client(null))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post(client(next.client("kube-apiserver")))).isInstanceOf(IOException.class);
    }

    @Test
    void aReplacedFileOfClientsCasComesInForceWithoutDroppingAConnection() throws Exception {
        serveClientsOfAnAuthority();
        HttpClient old = client(authority.client("kube-apiserver"));
        assertThat(post(old).statusCode()).isEqualTo(200);

        trust(next);

        Eventually.await("the new CA to be trusted", () -> {
            assertThat(post(old).statusCode()).as("on the connection of before").isEqualTo(200);
            return isAnswered(client(next.client("kube-apiserver")));
        });
        assertThat(isAnswered(client(authority.client("kube-apiserver"))))
                .as("a new connection of the old CA's client")
                .isFalse();
        // It could not open another one.
        assertThat(post(old).statusCode()).as("on the connection of before").isEqualTo(200);
        assertThat(post(client(next.client("kubelet"))).statusCode()).isEqualTo(403);
    }

    /** As cert-manager or the kubelet does: who connects from then on is shown the new certificate, who is there stays. */
    @Test
    void aReplacedPairOfFilesIsServedWithoutDroppingAConnection() throws Exception {
        authority.server("127.0.0.1").writeTo(folder, "tls");
        serve("certificates: {certFile: " + folder.resolve("tls.crt") + ", keyFile: " + folder.resolve("tls.key")
                + "}\n");
        HttpClient old = TrustingClient.of(authority.certificate());
        assertThat(post(old).statusCode()).isEqualTo(200);

        // One after the other: in between they do not fit together, and nothing is shown that could not be served.
        next.server("127.0.0.1").writeTo(folder, "tls");

        while (!isAnswered(TrustingClient.of(next.certificate()))) {
            Thread.sleep(100);
        }
        assertThat(isAnswered(TrustingClient.of(authority.certificate())))
                .as("a new connection that trusts the old one only")
                .isFalse();
        assertThat(post(old).statusCode()).as("on the connection of before").isEqualTo(200);
    }

    private boolean isAnswered(HttpClient client) throws Exception {
        try {
            return post(client).statusCode() == 200;
        } catch (IOException refused) {
            return false;
        }
    }

    /** The server's demand for certificates does not stand in the way of its own requests, and nobody sees those. */
    @Test
    void itWarmsUpUnseenWhoeverMayCall() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(WarmUp.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        try {
            serveClientsOfAnAuthority();
            Eventually.await(
                    "the replica to be ready", () -> management("/readyz").equals("ready\n"));
            Eventually.await("the warm-up to be over", () -> !log.list.isEmpty());
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
        // On a busy machine its time may be too short: it was answered all the same, and neither refused nor failed.
        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getKeyValuePairs())
                        .as(event.getFormattedMessage())
                        .anySatisfy(pair -> {
                            assertThat(pair.key).isEqualTo("requests");
                            assertThat((int) pair.value).isPositive();
                        }));
        assertThat(management("/metrics"))
                .doesNotContain("unroot_admission_requests_total", "unroot_admission_decisions_total")
                .doesNotContain("unroot_image_lookups_total")
                .contains("unroot_admission_review_duration_seconds_count 0\n")
                .contains("unroot_image_lookups_avoided_total 0.0\n");
    }
}
