package dev.unroot;

import dev.unroot.cluster.ClusterConnection;
import dev.unroot.cluster.ClusterException;
import dev.unroot.cluster.ClusterNamespaces;
import dev.unroot.cluster.ClusterPods;
import dev.unroot.command.ServeOptions;
import dev.unroot.command.UsageException;
import dev.unroot.review.ExistingPods;
import dev.unroot.review.Namespaces;
import dev.unroot.webhook.Metrics;
import dev.unroot.webhook.PemFiles;
import dev.unroot.webhook.Readiness;
import dev.unroot.webhook.SelfSigned;
import dev.unroot.webhook.ServingCertificate;
import dev.unroot.webhook.WebhookOptions;
import dev.unroot.webhook.WebhookServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of {@code serve}: from its options to a webhook that answers, until the process is told to stop. */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String EVERYWHERE = "0.0.0.0";
    /** How long endpoints take to be removed everywhere; alone nobody has to be told. */
    private static final Duration DRAIN_DELAY = Duration.ofSeconds(10);
    /** A review lasts at most as long as an API server waits; with the drain delay this fits a pod's usual 30 seconds. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final ServeOptions options;
    private final Configuration configuration;
    private final @Nullable String text;
    private final Resources resources = new Resources();

    /** @param text the configuration file's, which this configuration was read from; null where there is none */
    Serving(ServeOptions options, Configuration configuration, @Nullable String text) {
        this.options = options;
        this.configuration = configuration;
        this.text = text;
    }

    /** Returns only where starting fails: SIGTERM and SIGINT end the process, with 0 once it has drained. */
    int run() throws UsageException {
        WebhookServer server;
        try {
            server = start();
        } catch (IOException | ClusterException e) {
            resources.close();
            throw new UsageException(String.valueOf(e.getMessage()));
        } catch (UsageException | RuntimeException e) {
            resources.close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "unroot-shutdown"));
        awaitForever();
        return 0;
    }

    private WebhookServer start() throws IOException, UsageException {
        warnOfUnwritableFolder();
        Readiness readiness = new Readiness();
        Metrics metrics = resources.add(new Metrics());
        ClusterConnection connection = options.standalone() ? null : resources.add(ClusterConnection.open(version()));
        LiveReviewer live = resources.add(new LiveReviewer(
                new Surroundings(
                        options.images(),
                        connection,
                        connection == null ? null : namespaces(connection, readiness),
                        connection == null ? ExistingPods.NONE : resources.add(ClusterPods.of(connection)),
                        metrics,
                        new LookupMeters(metrics.registry()),
                        resources),
                configuration));
        SelfSigned selfSigned = selfSigned();
        String host = options.standalone() ? LOOPBACK : EVERYWHERE;
        WebhookServer server = WebhookServer.start(
                resources.vertx(),
                WebhookOptions.listening(host, options.port(), host, options.managementPort()),
                selfSigned != null ? selfSigned.certificate() : certificateFromFiles(),
                metrics,
                live.current(),
                readiness);
        watchConfiguration(live, metrics);
        if (options.standalone()) {
            new Greeting(options, configuration, server.port(), server.managementPort()).print(System.out);
        }
        LOG.atInfo()
                .addKeyValue("port", server.port())
                .addKeyValue("managementPort", server.managementPort())
                .addKeyValue("standalone", options.standalone())
                .log("serving");
        return server;
    }

    /** The only place that is ever written to: zstd's native library is unpacked there when first needed. */
    private static void warnOfUnwritableFolder() {
        String folder = System.getProperty("java.io.tmpdir");
        if (!Files.isWritable(Path.of(folder))) {
            LOG.warn(
                    "java.io.tmpdir ({}) is not writable: images with zstd layers and a named USER cannot be read. "
                            + "Mount an emptyDir there.",
                    folder);
        }
    }

    private Namespaces namespaces(ClusterConnection connection, Readiness readiness) {
        ClusterNamespaces namespaces = resources.add(ClusterNamespaces.start(connection));
        readiness.require("namespaces", () -> namespaces.synced() ? null : "are not all known yet");
        return namespaces;
    }

    private void watchConfiguration(LiveReviewer live, Metrics metrics) {
        Path file = options.config();
        if (file != null && text != null) {
            ReloadMeters meters = new ReloadMeters(metrics.registry(), Clock.systemUTC());
            resources.add(new ConfigurationWatch(file, text, live::apply, meters).start());
        }
    }

    private static String version() {
        String version = Serving.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private @Nullable SelfSigned selfSigned() throws IOException {
        if (!options.standalone() || configuration.certificates().certFile() != null) {
            return null;
        }
        SelfSigned made = SelfSigned.create(List.of(), Clock.systemUTC());
        Path file = options.writeCa();
        if (file != null) {
            try {
                Files.writeString(file, made.caPem());
            } catch (NoSuchFileException e) {
                throw new IOException("--write-ca " + file + " cannot be written: its folder does not exist", e);
            } catch (IOException e) {
                throw new IOException("--write-ca " + file + " cannot be written: " + e.getMessage(), e);
            }
        }
        return made;
    }

    private ServingCertificate certificateFromFiles() throws IOException, UsageException {
        Path certFile = configuration.certificates().certFile();
        Path keyFile = configuration.certificates().keyFile();
        if (certFile == null || keyFile == null) {
            throw new UsageException("serve needs a certificate that the API server trusts: set certificates.certFile"
                    + " and certificates.keyFile in the configuration, or run it with --standalone");
        }
        return new PemFiles(certFile, keyFile).read(Clock.systemUTC());
    }

    private void stop(WebhookServer server) {
        Duration delay = options.standalone() ? Duration.ZERO : DRAIN_DELAY;
        try {
            server.close(delay, GRACE)
                    .toCompletableFuture()
                    .get(delay.plus(GRACE).plusSeconds(2).toSeconds(), TimeUnit.SECONDS);
            resources.close();
            LOG.info("stopped");
        } catch (Exception e) {
            LOG.error("did not stop in good order", e);
            Runtime.getRuntime().halt(1);
        }
        // Told to stop, and did: the JVM by itself would report the signal.
        Runtime.getRuntime().halt(0);
    }

    private static void awaitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
