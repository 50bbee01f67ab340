package dev.unroot.webhook;

import dev.unroot.certificate.SelfSigned;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.review.Exemptions;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.Modes;
import dev.unroot.review.Namespaces;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewSettings;
import dev.unroot.review.Reviewer;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A whole webhook on loopback with made-up namespaces and images, and a client that trusts it. */
final class TestWebhook implements AutoCloseable {
    /** Every image has USER 0, but {@code fine} has 1000. */
    static final ImageUsers IMAGES = (query, deadline) -> {
        long uid = query.reference().repository().endsWith("fine") ? 1000 : 0;
        ImageUser user = new ImageUser.Numeric(Long.toString(uid), uid, null);
        Platform platform = query.platforms().get(0);
        return CompletableFuture.completedFuture(new ImageFacts.Known(
                "sha256:" + "0".repeat(64), Confidence.TAG, List.of(new PlatformUser(platform, user)), List.of()));
    };

    /** {@code strict} enforces hardened, {@code loose} nothing, all others go by the defaults. */
    static final Namespaces NAMESPACES = (namespace, deadline) -> CompletableFuture.completedFuture(
            switch (namespace) {
                case "strict" -> Map.of("unroot.dev/enforce", "hardened");
                case "loose" -> Map.of("unroot.dev/enforce", "none");
                case "mistyped" -> Map.of("unroot.dev/enforce", "nonrot");
                default -> Map.<String, String>of();
            });

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final Vertx vertx = WebhookServer.newVertx();
    final Metrics metrics = new Metrics();
    final Readiness readiness = new Readiness();
    final SelfSigned certificate = SelfSigned.create(List.of("unroot.unroot.svc"), Clock.systemUTC());
    final WebhookServer server;
    final HttpClient client;

    static TestWebhook start() throws Exception {
        return start(NAMESPACES, UnaryOperator.identity());
    }

    static TestWebhook start(Namespaces namespaces, UnaryOperator<WebhookOptions> options) throws Exception {
        return new TestWebhook(namespaces, options);
    }

    private TestWebhook(Namespaces namespaces, UnaryOperator<WebhookOptions> options) throws Exception {
        JudgeSettings judging = new JudgeSettings(
                PolicyOptions.DEFAULT,
                Exemptions.NONE,
                List.of(Platform.parse("linux/amd64")),
                Duration.ZERO,
                Map.of(),
                OnUnverified.DENY);
        ReviewSettings settings = new ReviewSettings(
                judging,
                new Modes(Level.NONROOT, Level.HARDENED, Level.HARDENED),
                Level.NONE,
                PodTemplates.BUILT_IN,
                false);
        Reviewer reviewer = new Reviewer(settings, namespaces, IMAGES, metrics.reviewListener());
        WebhookOptions asked = options.apply(patient(WebhookOptions.listening("127.0.0.1", 0, "127.0.0.1", 0)));
        server = WebhookServer.start(
                WebhookServer.open(vertx, asked, metrics, readiness),
                asked,
                certificate.certificate(),
                metrics,
                new CurrentReviewer(reviewer, PodTemplates.BUILT_IN),
                readiness);
        readiness.started();
        client = client();
    }

    /** A body of megabytes takes a while to arrive on a busy machine. */
    private static WebhookOptions patient(WebhookOptions options) {
        Capacity usual = options.capacity();
        return with(
                options,
                new Capacity(
                        usual.bodyBytes(),
                        usual.headerArrival(),
                        PATIENCE,
                        usual.requests(),
                        usual.bufferedBytes(),
                        usual.connections(),
                        usual.connectionsOfOne()));
    }

    /** The same with other bounds on what is taken on at once. */
    static WebhookOptions with(WebhookOptions options, Capacity capacity) {
        return with(options, capacity, options.stuckAfter());
    }

    /** The same with other bounds on what is worked on at once. */
    static WebhookOptions withMost(WebhookOptions options, int atOnce, long bytes) {
        Capacity usual = options.capacity();
        return with(
                options,
                new Capacity(
                        usual.bodyBytes(),
                        usual.headerArrival(),
                        usual.bodyArrival(),
                        atOnce,
                        bytes,
                        usual.connections(),
                        usual.connectionsOfOne()));
    }

    /** The same with another time limit on event loops. */
    static WebhookOptions withStuckAfter(WebhookOptions options, Duration longest) {
        return with(options, options.capacity(), longest);
    }

    private static WebhookOptions with(WebhookOptions options, Capacity capacity, Duration stuckAfter) {
        return new WebhookOptions(
                options.host(),
                options.port(),
                options.managementHost(),
                options.managementPort(),
                options.eventLoops(),
                capacity,
                options.idleTimeout(),
                stuckAfter,
                options.clients());
    }

    /** With a connection pool of its own. */
    HttpClient client() throws Exception {
        return HttpClient.newBuilder()
                .sslContext(trusting(certificate.caPem()))
                .connectTimeout(PATIENCE)
                .build();
    }

    static SSLContext trusting(String caPem) throws Exception {
        Certificate ca = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(caPem.getBytes(StandardCharsets.US_ASCII)));
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", ca);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    URI uri(String pathAndQuery) {
        return URI.create("https://localhost:" + server.port() + pathAndQuery);
    }

    HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(uri(pathAndQuery)).timeout(PATIENCE).header("Content-Type", "application/json");
    }

    HttpRequest review(String body) {
        return request("/validate?timeout=30s")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String body) throws Exception {
        return send(review(body));
    }

    /** From the management server. */
    HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.managementPort() + path);
        return send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build());
    }

    @Override
    public void close() {
        server.close(Duration.ZERO, Duration.ofMillis(1)).toCompletableFuture().join();
        closeInMidDelay();
    }

    /** Without waiting for what {@link WebhookServer#close} waits for. */
    void closeInMidDelay() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        metrics.close();
    }
}
