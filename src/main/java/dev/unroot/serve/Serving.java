package dev.unroot.serve;

import dev.unroot.certificate.CertificateOptions;
import dev.unroot.certificate.CertificateSources;
import dev.unroot.certificate.ServiceName;
import dev.unroot.certificate.ServingCertificate;
import dev.unroot.cluster.ClusterConnection;
import dev.unroot.cluster.ClusterException;
import dev.unroot.cluster.ClusterNamespaces;
import dev.unroot.cluster.ClusterPods;
import dev.unroot.cluster.LeaderElection;
import dev.unroot.cluster.OwnNamespace;
import dev.unroot.command.ServeOptions;
import dev.unroot.command.UsageException;
import dev.unroot.common.Text;
import dev.unroot.configuration.Configuration;
import dev.unroot.model.Level;
import dev.unroot.review.ExistingPods;
import dev.unroot.review.Namespaces;
import dev.unroot.webhook.Metrics;
import dev.unroot.webhook.Readiness;
import dev.unroot.webhook.WarmUp;
import dev.unroot.webhook.WebhookOptions;
import dev.unroot.webhook.WebhookServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of {@code serve}: from its options to a webhook that answers, until the process is told to stop. */
public final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String EVERYWHERE = "0.0.0.0";
    /** A review lasts at most as long as an API server waits; with the drain delay this fits a pod's usual 30 seconds. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final ServeOptions options;
    private final Configuration configuration;
    private final @Nullable String text;
    private final ImageLookups lookups;
    private final Resources resources = new Resources();

    /** @param text the configuration file's, which this configuration was read from; null where there is none */
    public Serving(ServeOptions options, Configuration configuration, @Nullable String text, ImageLookups lookups) {
        this.options = options;
        this.configuration = configuration;
        this.text = text;
        this.lookups = lookups;
    }

    /** Where no file is given: standalone mode, which is for trying, denies what can be seen to be denied. */
    public static Configuration unconfigured(ServeOptions options) {
        return options.standalone() ? Configuration.DEFAULT.enforcing(Level.NONROOT) : Configuration.DEFAULT;
    }

    /** Returns only where starting fails: SIGTERM and SIGINT end the process, with 0 once it has drained. */
    public int run() throws UsageException {
        WebhookServer server;
        try {
            server = start();
        } catch (IOException | ClusterException e) {
            close();
            throw new UsageException(Text.why(e));
        } catch (UsageException | RuntimeException e) {
            close();
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "unroot-shutdown"));
        awaitForever();
        return 0;
    }

    /** Returns once it listens; {@link #close} ends what it has begun. */
    WebhookServer start() throws IOException, UsageException {
        MemoryBounds.warn(configuration.imageLookup().limits());
        warnOfUnwritableFolder();
        Readiness readiness = new Readiness();
        Metrics metrics = resources.add(new Metrics());
        String host = options.standalone() ? LOOPBACK : EVERYWHERE;
        WebhookOptions listening = WebhookOptions.listening(host, options.port(), host, options.managementPort());
        WebhookServer.Opened opened = WebhookServer.open(resources.vertx(), listening, metrics, readiness);
        resources.add(WarmUp.start(readiness));
        ClusterConnection connection = options.standalone() ? null : resources.add(ClusterConnection.open(version()));
        LiveReviewer live = resources.add(new LiveReviewer(
                new ServeContext(
                        lookups,
                        connection,
                        connection == null ? null : namespaces(connection, readiness, metrics),
                        connection == null ? ExistingPods.NONE : resources.add(ClusterPods.of(connection)),
                        metrics,
                        new LookupMeters(metrics.registry()),
                        resources),
                configuration));
        readiness.require("nodes", () -> live.awaitsNodes() ? "are not all known yet" : null);
        CertificateSources certificates = certificates();
        writeCa(certificates.caPem());
        WebhookServer server = WebhookServer.start(
                opened,
                listening.withClients(certificates.clients()),
                certificates.first(),
                metrics,
                live.current(),
                readiness);
        ServingCertificate serving = resources.add(
                ServingCertificate.start(certificates, server, metrics.certificate(), connection, leads(connection)));
        readiness.require("certificate", serving::problem);
        readiness.started();
        watchConfiguration(live, metrics);
        if (options.standalone()) {
            new StandaloneGreeting(options, configuration, server.port(), server.managementPort()).print(System.out);
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

    private Namespaces namespaces(ClusterConnection connection, Readiness readiness, Metrics metrics) {
        ClusterNamespaces namespaces = resources.add(ClusterNamespaces.start(connection));
        readiness.require(
                "namespaces",
                () -> namespaces.synced()
                        ? null
                        : "are not all known yet"
                                + namespaces.problem().map(why -> ": " + why).orElse(""));
        ClusterMeters.namespaces(metrics.registry(), namespaces::age);
        return namespaces;
    }

    /** Whether this replica is the one to write; every one may where no election is configured, for all writes are safe. */
    private BooleanSupplier leads(@Nullable ClusterConnection connection) throws UsageException {
        Configuration.LeaderElection election = configuration.leaderElection();
        if (connection == null || election == null) {
            return () -> true;
        }
        String namespace = namespace(election.namespace(), "leaderElection");
        String pod = System.getenv().getOrDefault("HOSTNAME", "unroot");
        return resources.add(LeaderElection.start(connection, namespace, election.leaseName(), pod))::isLeader;
    }

    private CertificateSources certificates() throws IOException, UsageException {
        CertificateOptions certificates = configuration.certificates();
        if (!options.standalone() && certificates.files() == null && certificates.secret() == null) {
            throw new UsageException("serve needs a certificate that the API server trusts: in the configuration set"
                    + " certificates.secret, service and webhookConfiguration, or certificates.certFile and keyFile;"
                    + " or run it with --standalone");
        }
        CertificateOptions.Called called = options.standalone() ? null : certificates.called();
        ServiceName service = called == null
                ? null
                : new ServiceName(namespace(called.namespace(), "certificates"), called.service());
        return CertificateSources.read(certificates, options.standalone(), service);
    }

    /** The written one, else the pod's own. */
    private static String namespace(@Nullable String written, String section) throws UsageException {
        if (written != null) {
            return written;
        }
        return OwnNamespace.find()
                .orElseThrow(() -> new UsageException(
                        section + ".namespace is not set, and this is no pod, which would know its own: set it"));
    }

    private void watchConfiguration(LiveReviewer live, Metrics metrics) {
        Path file = options.config();
        if (file != null && text != null) {
            ReloadMeters meters = new ReloadMeters(metrics.registry(), Clock.systemUTC());
            resources.add(new ConfigurationWatch(file, text, live::apply, meters).start());
        }
    }

    /** Unroot's own, for the User-Agent. */
    public static String version() {
        String version = Serving.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private void writeCa(@Nullable String caPem) throws IOException {
        Path file = options.writeCa();
        if (file == null || caPem == null) {
            return;
        }
        try {
            Files.writeString(file, caPem);
        } catch (NoSuchFileException e) {
            throw new IOException("--write-ca " + file + " cannot be written: its folder does not exist", e);
        } catch (IOException e) {
            throw new IOException("--write-ca " + file + " cannot be written: " + Text.why(e), e);
        }
    }

    private void stop(WebhookServer server) {
        Duration delay = options.standalone() ? Duration.ZERO : configuration.drainDelay();
        try {
            server.close(delay, GRACE)
                    .toCompletableFuture()
                    .get(delay.plus(GRACE).plusSeconds(2).toSeconds(), TimeUnit.SECONDS);
            close();
            LOG.info("stopped");
        } catch (Exception e) {
            LOG.error("did not stop in good order", e);
            Runtime.getRuntime().halt(1);
        }
        // Told to stop, and did: the JVM by itself would report the signal.
        Runtime.getRuntime().halt(0);
    }

    /** At once, with whatever is in flight. */
    void close() {
        resources.close();
    }

    private static void awaitForever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
