package dev.unroot.certificate;

import dev.unroot.certificate.CertificateOptions.Called;
import dev.unroot.certificate.CertificateOptions.Clients;
import dev.unroot.certificate.CertificateOptions.ServedFiles;
import dev.unroot.certificate.CertificateProbe.Trust;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the certificate fresh that a server shows, wherever it comes from, and has it verified all the time. */
public final class ServingCertificate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);

    private final CertificateSources sources;
    private final CertificateServer server;
    private final CertificateListener listener;
    private final Clock clock = Clock.systemUTC();
    private final List<AutoCloseable> watches = new ArrayList<>();
    /** Asked by event loops, which must not wait for whoever shows a certificate. */
    private volatile @Nullable CertificateProbe probe;

    private CertifiedKey shown;
    private @Nullable ClientCheck clients;

    private ServingCertificate(CertificateSources sources, CertificateServer server, CertificateListener listener) {
        this.sources = sources;
        this.server = server;
        this.listener = listener;
        this.shown = sources.first();
        this.clients = sources.clients();
    }

    /**
     * Begins, and returns at once.
     *
     * @param server shows {@link CertificateSources#first} already
     * @param cluster null in standalone mode
     * @param leads whether this replica is the one to write
     */
    public static ServingCertificate start(
            CertificateSources sources,
            CertificateServer server,
            CertificateListener listener,
            @Nullable ClusterCertificates cluster,
            BooleanSupplier leads) {
        ServingCertificate serving = new ServingCertificate(sources, server, listener);
        serving.start(cluster, leads);
        return serving;
    }

    /** Nothing is shown before all has begun: what is shown is then looked at. */
    private synchronized void start(@Nullable ClusterCertificates cluster, BooleanSupplier leads) {
        Trust trust = cluster == null ? null : trustOfCluster(cluster, leads);
        watchFiles();
        boolean fixed = sources.options().caFile() != null || sources.caPem() != null;
        String host = sources.service() == null ? null : sources.service().host();
        Trust all = trust == null && !fixed ? null : (chain, now) -> problem(trust, chain, now);
        probe = CertificateProbe.start(server.port(), host, all, listener, clock);
    }

    private void watchFiles() {
        ServedFiles files = sources.options().files();
        if (files != null) {
            watches.add(FileWatch.start(() -> files.pem().read(clock), sources.first(), this::show));
        }
        Clients asked = sources.options().clients();
        ClientCheck check = sources.clients();
        if (asked != null && check != null) {
            watches.add(FileWatch.start(
                    () -> PemFiles.readBundle(asked.caFile().path()), check.authorities(), this::admit));
        }
    }

    /** What API servers trust, who are told of it where Unroot looks after it; null where nobody can say. */
    private @Nullable Trust trustOfCluster(ClusterCertificates cluster, BooleanSupplier leads) {
        CertificateOptions options = sources.options();
        Called called = options.called();
        ServiceName service = sources.service();
        if (called == null || service == null) {
            return null;
        }
        String secret = options.secret();
        if (secret == null) {
            CaBundleWatch watch = CaBundleWatch.start(cluster, called.webhookConfiguration(), service, clock);
            watches.add(watch);
            listener.caBundleAge(watch.live()::age);
            return watch.live()::problem;
        }
        SelfManagedCertificate certificate = SelfManagedCertificate.start(
                cluster,
                new SelfManagedOptions(secret, service, called.webhookConfiguration(), options.lifetimes()),
                leads,
                this::show,
                clock);
        watches.add(certificate);
        listener.caBundleAge(certificate.live()::age);
        return (chain, now) -> {
            String problem = certificate.live().problem(chain, now);
            // What keeps it from being mended says more than what is wrong.
            return problem == null || certificate.problem() == null ? problem : certificate.problem();
        };
    }

    private @Nullable String problem(@Nullable Trust trust, List<X509Certificate> chain, Instant now) {
        String problem = trust == null ? null : trust.problem(chain, now);
        if (problem != null) {
            return problem;
        }
        try {
            CaBundle bundle = sources.bundle();
            String host = sources.service() == null ? null : sources.service().host();
            return bundle == null ? null : bundle.problem(chain, host, now);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private synchronized void show(CertifiedKey certificate) {
        server.show(certificate, clients).toCompletableFuture().join();
        shown = certificate;
        LOG.info("another certificate is served: {}", certificate);
        CertificateProbe probing = probe;
        if (probing != null) {
            probing.changed();
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

    /** Why API servers would not take what is served, in a few words; null where they would. */
    public @Nullable String problem() {
        CertificateProbe probing = probe;
        return probing == null ? null : probing.problem();
    }

    @Override
    public void close() throws Exception {
        CertificateProbe probing = probe;
        if (probing != null) {
            probing.close();
        }
        for (AutoCloseable watch : watches) {
            watch.close();
        }
    }
}
