package dev.unroot.webhook;

import dev.unroot.certificate.CertificateServer;
import dev.unroot.certificate.CertifiedKey;
import dev.unroot.certificate.ClientCheck;
import dev.unroot.common.Text;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The running webhook: admission server and management server.
 *
 * <p>Made in this order: {@link Metrics}, a Reviewer that tells {@link Metrics#reviewListener()}, then {@link #start}.
 * It writes no files. (zstd-jni, which reads image layers, unpacks its library into {@code java.io.tmpdir}; Netty and
 * Vert.x are told to do without.)
 */
public final class WebhookServer implements CertificateServer {
    private static final int FIRST_OF_EVERYBODY = 1024;
    private static final String LISTENING = "admission server";
    private static final String SHUTDOWN = "shutdown";
    private static final Duration MANAGEMENT_GRACE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Readiness readiness;
    private final Responses answers;
    private final WorkerExecutor largeBodies;
    private final AdmissionServer admission;
    private final ManagementServer management;
    private final AtomicReference<@Nullable CompletionStage<Void>> closing = new AtomicReference<>();

    private WebhookServer(
            WebhookOptions options, Metrics metrics, CurrentReviewer reviewer, Readiness readiness, Opened opened) {
        this.vertx = opened.vertx();
        this.readiness = readiness;
        this.answers = new Responses(metrics);
        this.largeBodies = vertx.createSharedWorkerExecutor("unroot-large-bodies", options.eventLoops());
        AdmissionContext tools = new AdmissionContext(
                vertx,
                options,
                reviewer,
                new AdmissionReviewWriter(),
                metrics,
                new DecisionLog(),
                new InFlight(metrics.inFlight(), options.capacity()),
                opened.heartbeats(),
                answers,
                largeBodies);
        this.admission = new AdmissionServer(tools);
        this.management = opened.management();
    }

    /** The management server, which answers before there is anything to manage. */
    public record Opened(Vertx vertx, EventLoopHeartbeats heartbeats, ManagementServer management) {}

    /**
     * Starts the management server alone, first of all: a start may take a while on a busy node, and the kubelet has to see
     * that the process lives. {@code /readyz} says that it is not ready. Not to be called on an event loop.
     *
     * @throws IOException with a sentence, where the port cannot be had
     */
    public static Opened open(Vertx vertx, WebhookOptions options, Metrics metrics, Readiness readiness)
            throws IOException {
        readiness.require(LISTENING, () -> "does not listen yet");
        EventLoopHeartbeats heartbeats = new EventLoopHeartbeats(System::nanoTime, options.stuckAfter());
        ManagementServer management = new ManagementServer(
                vertx, metrics, readiness, heartbeats, options.capacity().headerArrival());
        await(
                management.listen(options.managementHost(), options.managementPort()),
                options.managementHost(),
                options.managementPort(),
                "--management-port");
        return new Opened(vertx, heartbeats, management);
    }

    /**
     * A Vertx that leaves the file system alone: it would unpack class path resources into {@code java.io.tmpdir}, and a
     * container's root file system may be read-only. It may serve registry clients too; whoever asked for it closes it.
     */
    public static Vertx newVertx() {
        FileSystemOptions noFiles =
                new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
        return Vertx.builder()
                .with(new VertxOptions().setFileSystemOptions(noFiles))
                .withTransport(new AcceptingTransport().forVertx())
                .build();
    }

    /**
     * Starts the admission server beside it, and returns once that listens. Not to be called on an event loop.
     *
     * @param opened with the same options, metrics and readiness
     * @param readiness conditions of others; the server adds its own
     * @throws IOException with a sentence, where the port cannot be had or the certificate not be used
     */
    public static WebhookServer start(
            Opened opened,
            WebhookOptions options,
            CertifiedKey certificate,
            Metrics metrics,
            CurrentReviewer reviewer,
            Readiness readiness)
            throws IOException {
        WebhookServer server = new WebhookServer(options, metrics, reviewer, readiness, opened);
        try {
            await(server.admission.listen(certificate), options.host(), options.port(), "--port");
        } catch (IOException e) {
            server.closeNow();
            throw e;
        }
        readiness.require(LISTENING, () -> null);
        return server;
    }

    /** @param option of the command line, which sets the port */
    private static void await(Future<?> listening, String host, int port, String option) throws IOException {
        try {
            listening.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String why = Text.why(cause);
            throw new IOException(
                    "cannot listen on " + host + ":" + port + ": " + why + ". " + advice(why, port) + option, cause);
        }
    }

    /** The operating system's words are all there is to tell by. */
    static String advice(String why, int port) {
        if (why.contains("in use")) {
            return "End what listens there, or choose another port with ";
        }
        return why.contains("denied") && port < FIRST_OF_EVERYBODY
                ? "Ports under " + FIRST_OF_EVERYBODY + " are for root alone: choose another one with "
                : "Choose another port with ";
    }

    /** Of the admission server. */
    public int port() {
        return admission.port();
    }

    public int managementPort() {
        return management.port();
    }

    @Override
    public CompletionStage<Void> show(CertifiedKey certificate, @Nullable ClientCheck clients) {
        return admission.show(certificate, clients).toCompletionStage();
    }

    /**
     * Leaves without failing anyone: unready at once; serves on for {@code drainDelay}, ending each connection with its
     * answer, while endpoints are taken out everywhere; then accepts nothing new, and waits for what is in flight.
     *
     * @param grace for requests in flight; what is not done by then is cut off
     * @return completes when both servers are closed. The second call gets what the first got
     */
    public CompletionStage<Void> close(Duration drainDelay, Duration grace) {
        synchronized (closing) {
            CompletionStage<Void> before = closing.get();
            if (before != null) {
                return before;
            }
            CompletionStage<Void> now = drain(drainDelay, grace).toCompletionStage();
            closing.set(now);
            return now;
        }
    }

    private Future<Void> drain(Duration drainDelay, Duration grace) {
        readiness.require(SHUTDOWN, () -> "in progress");
        answers.drain();
        Future<?> delay = drainDelay.isZero()
                ? Future.succeededFuture()
                : vertx.timer(drainDelay.toMillis()).map(0L);
        return delay.compose(over -> admission.shutdown(grace))
                .eventually(largeBodies::close)
                .eventually(() -> management.shutdown(MANAGEMENT_GRACE));
    }

    private void closeNow() {
        management.shutdown(Duration.ZERO).eventually(largeBodies::close);
    }
}
