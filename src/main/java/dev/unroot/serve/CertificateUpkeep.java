package dev.unroot.serve;

import dev.unroot.certificate.CaBundle;
import dev.unroot.certificate.CertifiedKey;
import dev.unroot.certificate.PemFiles;
import dev.unroot.cluster.CaBundleWatch;
import dev.unroot.cluster.CertificateOptions;
import dev.unroot.cluster.ClusterConnection;
import dev.unroot.cluster.LiveCaBundle;
import dev.unroot.cluster.SelfManagedCertificate;
import dev.unroot.configuration.Configuration.Called;
import dev.unroot.configuration.Configuration.Certificates;
import dev.unroot.configuration.Configuration.Clients;
import dev.unroot.configuration.Configuration.ServedFiles;
import dev.unroot.webhook.CertificateProbe;
import dev.unroot.webhook.CertificateProbe.Trust;
import dev.unroot.webhook.ClientCheck;
import dev.unroot.webhook.FileWatch;
import dev.unroot.webhook.Metrics;
import dev.unroot.webhook.Readiness;
import dev.unroot.webhook.WebhookServer;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the certificate fresh while {@code serve} runs, wherever it comes from, and has it verified all the time. */
final class CertificateUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateUpkeep.class);

    private final CertificateWiring wiring;
    private final WebhookServer server;
    private final Resources resources;
    private final Clock clock = Clock.systemUTC();
    private CertifiedKey shown;
    private @Nullable ClientCheck clients;
    private @Nullable CertificateProbe probe;

    CertificateUpkeep(CertificateWiring wiring, WebhookServer server, Resources resources) {
        this.wiring = wiring;
        this.server = server;
        this.resources = resources;
        this.shown = wiring.first();
        this.clients = wiring.clients();
    }

    /**
     * Begins, and returns at once.
     *
     * @param connection null in standalone mode
     * @param leads whether this replica is the one to write
     */
    void start(@Nullable ClusterConnection connection, BooleanSupplier leads, Metrics metrics, Readiness readiness) {
        Certificates certificates = wiring.certificates();
        Trust trust = connection == null ? null : trustOfCluster(connection, leads, metrics);
        ServedFiles files = certificates.files();
        if (files != null) {
            resources.add(FileWatch.start(() -> files.pem().read(clock), wiring.first(), this::show));
        }
        Clients asked = certificates.clients();
        ClientCheck check = wiring.clients();
        if (asked != null && check != null) {
            resources.add(FileWatch.start(
                    () -> PemFiles.readBundle(asked.caFile().path()), check.authorities(), this::admit));
        }
        boolean fixed = certificates.caFile() != null || wiring.caPem() != null;
        String host = wiring.service() == null ? null : wiring.service().host();
        Trust all = trust == null && !fixed ? null : (chain, now) -> problem(trust, chain, now);
        CertificateProbe probing =
                resources.add(CertificateProbe.start(server.port(), host, all, metrics, readiness, clock));
        synchronized (this) {
            probe = probing;
        }
    }

    /** What API servers trust, who are told of it where Unroot looks after it; null where nobody can say. */
    private @Nullable Trust trustOfCluster(ClusterConnection connection, BooleanSupplier leads, Metrics metrics) {
        Certificates certificates = wiring.certificates();
        Called called = certificates.called();
        if (called == null || wiring.service() == null) {
            return null;
        }
        String secret = certificates.secret();
        if (secret == null) {
            LiveCaBundle live = resources
                    .add(CaBundleWatch.start(connection, called.webhookConfiguration(), wiring.service(), clock))
                    .live();
            metrics.certificate().caBundleAge(live::age);
            return live::problem;
        }
        CertificateOptions options = new CertificateOptions(
                secret, wiring.service(), called.webhookConfiguration(), certificates.lifetimes());
        SelfManagedCertificate keeper =
                resources.add(SelfManagedCertificate.start(connection, options, leads, this::show, clock));
        metrics.certificate().caBundleAge(keeper.live()::age);
        return (chain, now) -> {
            String problem = keeper.live().problem(chain, now);
            // What keeps it from being mended says more than what is wrong.
            return problem == null || keeper.problem() == null ? problem : keeper.problem();
        };
    }

    private @Nullable String problem(@Nullable Trust trust, List<X509Certificate> chain, Instant now) {
        String problem = trust == null ? null : trust.problem(chain, now);
        if (problem != null) {
            return problem;
        }
        try {
            CaBundle bundle = wiring.bundle();
            String host = wiring.service() == null ? null : wiring.service().host();
            return bundle == null ? null : bundle.problem(chain, host, now);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private synchronized void show(CertifiedKey certificate) {
        server.show(certificate, clients).toCompletableFuture().join();
        shown = certificate;
        LOG.info("another certificate is served: {}", certificate);
        if (probe != null) {
            probe.changed();
        }
    }

    private synchronized void admit(CaBundle authorities) {
        ClientCheck before = clients;
        if (before != null) {
            ClientCheck next = new ClientCheck(authorities, before.names());
            server.show(shown, next).toCompletableFuture().join();
            clients = next;
            LOG.info("client certificates are verified by {}", authorities);
        }
    }
}
