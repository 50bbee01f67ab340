package dev.unroot.webhook;

import dev.unroot.certificate.SelfSigned;
import dev.unroot.common.Deadline;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Account;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.PlatformUser;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.review.Exemptions;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.Mode;
import dev.unroot.review.Modes;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewListener;
import dev.unroot.review.ReviewSettings;
import dev.unroot.review.Reviewer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/**
 * A second admission server, of the same code, that nobody but itself calls: on a free port of loopback, with a certificate
 * that is never used again, and made-up namespaces and images. What it counts and logs is thrown away with it, so that none
 * of it is seen, and a client certificate that the first one may ask for does not stand in its way.
 */
final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final int CONNECTIONS = 4;
    private static final String PATH = "/validate?timeout=10s";

    private final Vertx vertx;
    private final String host = InetAddress.getLoopbackAddress().getHostAddress();
    private final long end;
    private Future<Void> listening = Future.succeededFuture();

    private Rehearsal(Vertx vertx, Duration longest) {
        this.vertx = vertx;
        this.end = System.nanoTime() + longest.toNanos();
    }

    /**
     * Asks and answers: all the {@link #bodies} on each of a number of connections, one request at a time.
     *
     * @return how many were answered, fewer than all where the time was up
     * @throws Exception where one was not answered well, or a server cannot be had
     */
    static int run(Duration longest) throws Exception {
        Rehearsal rehearsal = new Rehearsal(WebhookServer.newVertx(), longest);
        try (Metrics metrics = new Metrics()) {
            return rehearsal.run(metrics);
        } finally {
            rehearsal.close();
        }
    }

    private int run(Metrics metrics) throws Exception {
        int answered = 0;
        try {
            SelfSigned certificate = SelfSigned.create(List.of(), Clock.systemUTC());
            AdmissionServer server = server(metrics);
            listening = server.listen(certificate.certificate());
            await(listening);
            List<Buffer> bodies = bodies();
            for (int connection = 0; connection < CONNECTIONS; connection++) {
                // A client each: one that has been here before would spare itself half of the handshake.
                HttpClient client = vertx.createHttpClient(clientOptions(certificate, server.port()));
                for (Buffer body : bodies) {
                    await(ask(client, body));
                    answered++;
                }
                await(client.close());
            }
        } catch (TimeoutException timeIsUp) {
            LOG.debug("the time was up", timeIsUp);
        }
        return answered;
    }

    /**
     * Reviews that lead through most of the code, all of which are answered: allowed or denied, with warnings and
     * annotations. Those that matter most come first, for there may be time for a few only.
     */
    static List<Buffer> bodies() throws IOException {
        try (InputStream in = Rehearsal.class.getResourceAsStream("warm-up-reviews.json")) {
            return new JsonArray(Buffer.buffer(Objects.requireNonNull(in).readAllBytes()))
                    .stream().map(review -> ((JsonObject) review).toBuffer()).toList();
        }
    }

    /** Judges the namespaces that are called as the levels are, by all modes at that level. */
    static Reviewer reviewer(ReviewListener listener) {
        JudgeSettings judging = new JudgeSettings(
                PolicyOptions.DEFAULT,
                Exemptions.NONE,
                List.of(Platform.parse("linux/amd64")),
                Duration.ofSeconds(1),
                Map.of(),
                OnUnverified.DENY);
        return new Reviewer(
                new ReviewSettings(judging, Modes.NONE, Level.NONE, PodTemplates.BUILT_IN, true),
                (namespace, deadline) -> CompletableFuture.completedFuture(Map.of(
                        Mode.ENFORCE.namespaceLabel(), namespace,
                        Mode.WARN.namespaceLabel(), namespace,
                        Mode.AUDIT.namespaceLabel(), namespace)),
                Rehearsal::user,
                listener);
    }

    /** By the repository's name, and after a moment, as a registry answers. */
    private static CompletionStage<ImageFacts> user(ImageQuery query, Deadline deadline) {
        ImageUser user =
                switch (query.reference().repository()) {
                    case "number" -> new ImageUser.Numeric("1000", 1000L, null);
                    case "name" -> new ImageUser.Named("app", new Account.Row(1000, 1000, true));
                    default -> new ImageUser.Unset("", null);
                };
        List<PlatformUser> users = query.platforms().stream()
                .map(platform -> new PlatformUser(platform, user))
                .toList();
        return new CompletableFuture<ImageFacts>()
                .completeOnTimeout(
                        new ImageFacts.Known("sha256:" + "0".repeat(64), Confidence.TAG, users, List.of()),
                        1,
                        TimeUnit.MILLISECONDS);
    }

    private AdmissionServer server(Metrics metrics) {
        WebhookOptions options = WebhookOptions.listening(host, 0, host, 0);
        return new AdmissionServer(new AdmissionContext(
                vertx,
                options,
                new CurrentReviewer(reviewer(metrics.reviewListener()), PodTemplates.BUILT_IN),
                new AdmissionReviewWriter(),
                metrics,
                new DecisionLog(NOPLogger.NOP_LOGGER),
                new InFlight(metrics.inFlight(), options.capacity()),
                new EventLoopHeartbeats(System::nanoTime, options.stuckAfter()),
                new Responses(metrics),
                vertx.createSharedWorkerExecutor("unroot-warm-up-large-bodies", options.eventLoops())));
    }

    private HttpClientOptions clientOptions(SelfSigned certificate, int port) {
        return new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(certificate.caPem())))
                .setDefaultHost(host)
                .setDefaultPort(port);
    }

    private static Future<Buffer> ask(HttpClient client, Buffer body) {
        return client.request(HttpMethod.POST, PATH)
                .compose(request -> request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .send(body))
                .compose(response -> response.body()
                        .compose(answer -> response.statusCode() == 200
                                ? Future.succeededFuture(answer)
                                : Future.failedFuture(response.statusCode() + ": " + answer)));
    }

    private void await(Future<?> future) throws Exception {
        future.toCompletionStage()
                .toCompletableFuture()
                .get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** Not in the middle of its start, which a Vertx does not take well; nobody waits for it. */
    private void close() {
        listening.onComplete(done -> vertx.close());
    }
}
