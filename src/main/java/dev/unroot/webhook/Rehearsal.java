package dev.unroot.webhook;

import dev.unroot.certificate.SelfSigned;
import dev.unroot.manifest.PodTemplates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.PemTrustOptions;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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
    private static final int CONNECTIONS = 6;
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
     * Asks and answers: all of {@link RehearsalReviews} on each of a number of connections, one request at a time.
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
            List<Buffer> bodies = RehearsalReviews.bodies();
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

    private AdmissionServer server(Metrics metrics) {
        WebhookOptions options = WebhookOptions.listening(host, 0, host, 0);
        return new AdmissionServer(new AdmissionContext(
                vertx,
                options,
                new CurrentReviewer(RehearsalReviews.reviewer(metrics.reviewListener()), PodTemplates.BUILT_IN),
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
