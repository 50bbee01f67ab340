package dev.unroot.certificate;

import dev.unroot.certificate.ClusterCertificates.CaBundleStore;
import dev.unroot.certificate.ClusterCertificates.CertificateStore;
import dev.unroot.common.LastFailure;
import dev.unroot.common.PeriodicTask;
import dev.unroot.common.Text;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Secret, {@code caBundle} and the certificate that is shown in step, by looking at all three again and again.
 *
 * <p>Any number of replicas may do so at once: whoever writes names the version that was read, the API server takes one
 * of them, and the others look again and adopt what they find. The configuration is read before the Secret: so whoever
 * may write the {@code caBundle}, because nobody wrote it since, has a Secret at least as new as whoever wrote it last.
 */
public final class SelfManagedCertificate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SelfManagedCertificate.class);
    private static final int ATTEMPTS = 5;

    private final SelfManagedOptions options;
    private final CaBundleStore configuration;
    private final CertificateStore secret;
    private final ApiServerTrust live;
    private final Rotation rotation;
    private final BooleanSupplier leads;
    private final Consumer<CertifiedKey> show;
    private final Clock clock;
    private final ClusterCertificates cluster;
    private final LastFailure failure = new LastFailure();
    private @Nullable PeriodicTask task;

    /** Touched by one thread at a time. */
    private @Nullable CertifiedKey shown;

    private CaBundle remembered = CaBundle.EMPTY;
    private volatile @Nullable String problem = "Secret and caBundle have not been read yet";

    public SelfManagedCertificate(
            ClusterCertificates cluster,
            SelfManagedOptions options,
            BooleanSupplier leads,
            Consumer<CertifiedKey> show,
            Clock clock) {
        this.options = options;
        this.configuration = cluster.caBundles(options.webhookConfiguration(), options.service());
        this.secret = cluster.secret(options.service().namespace(), options.secret());
        this.live = new ApiServerTrust(configuration);
        this.rotation = new Rotation(options.service(), options.lifetimes());
        this.leads = leads;
        this.show = show;
        this.clock = clock;
        this.cluster = cluster;
    }

    /**
     * Begins, and returns at once.
     *
     * @param leads whether this replica is the one to write; all may, where there is no election
     * @param show is told each certificate to be served from then on
     */
    public static SelfManagedCertificate start(
            ClusterCertificates cluster,
            SelfManagedOptions options,
            BooleanSupplier leads,
            Consumer<CertifiedKey> show,
            Clock clock) {
        SelfManagedCertificate certificate = new SelfManagedCertificate(cluster, options, leads, show, clock);
        certificate.task =
                new PeriodicTask("unroot-cluster-certificate", Duration.ZERO, options.pause(), certificate::look);
        return certificate;
    }

    /** What API servers trust. */
    public ApiServerTrust live() {
        return live;
    }

    /** What keeps it from looking after the certificate at the moment, a sentence; null where nothing does. */
    public @Nullable String problem() {
        return problem;
    }

    /** One look at everything. */
    public void look() {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (settle()) {
                    return;
                }
            }
            LOG.info("others write the certificate at the same time: looking again in {}", options.pause());
        } catch (ApiServerException e) {
            failed(Text.why(e));
        } catch (RuntimeException fault) {
            String what = "the certificate could not be looked after ("
                    + fault.getClass().getSimpleName() + ")";
            problem = what;
            if (failure.isNew(what)) {
                LOG.error("the certificate could not be looked after", fault);
            }
        }
    }

    private void failed(String what) {
        problem = what;
        if (failure.isNew(what)) {
            LOG.warn("{}. What is served stays", what);
        }
    }

    /** False where somebody else wrote meanwhile. */
    private boolean settle() {
        Instant now = clock.instant();
        WebhookCaBundles bundles = null;
        ApiServerException unread = null;
        try {
            bundles = live.refresh(now);
        } catch (ApiServerException e) {
            // A certificate can be made and shown without; it comes to be trusted as soon as that can be seen to.
            unread = e;
        }
        CertificateStore.Held held = secret.read();
        SecretContent content = held.content();
        String wrongClock = cluster.clockProblem(now);
        boolean mayWrite = leads.getAsBoolean() && wrongClock == null;
        // Who is right about a CA of the future, only the API server knows.
        if (mayWrite && (cluster.isClockKnown() || !rotation.isFarAhead(content, now))) {
            Rotation.Step step = rotation.next(content, known(), this::isCarried, now);
            if (step.isChange()) {
                if (!secret.write(held, step.content())) {
                    return false;
                }
                tell(content, step);
                content = step.content();
            }
        }
        remember(content);
        if (mayWrite
                && bundles != null
                && !content.trusted().certificates().isEmpty()
                && !bundles.are(content.trusted())) {
            if (!configuration.write(bundles, content.trusted())) {
                return false;
            }
            LOG.info("caBundle of {} written: it trusts {}", configuration, content.trusted());
            bundles = live.refresh(now);
        }
        adopt(content.server(), now);
        if (unread != null) {
            throw unread;
        }
        if (wrongClock == null) {
            recovered(content);
        } else {
            failed(wrongClock);
        }
        return true;
    }

    private void recovered(SecretContent content) {
        problem = content.server() == null
                ? secret + " holds no certificate that can be used, and another replica is to make one"
                : null;
        if (failure.clear()) {
            LOG.info("Secret and caBundle can be looked after again");
        }
    }

    /** What running replicas may need, should the Secret have lost it. */
    private CaBundle known() {
        Set<X509Certificate> all = new LinkedHashSet<>(remembered.certificates());
        all.addAll(live.trusted().certificates());
        return new CaBundle(List.copyOf(all));
    }

    private void remember(SecretContent content) {
        if (!content.trusted().certificates().isEmpty()) {
            remembered = content.trusted();
        }
    }

    /** By all API servers: they were given time to hear of it. */
    private boolean isCarried(X509Certificate authority) {
        return live.carriedSince(authority, clock.instant().minus(options.settling()));
    }

    private void tell(SecretContent before, Rotation.Step step) {
        if (!before.problems().isEmpty()) {
            LOG.error(
                    "{} held what cannot be used, and it was replaced: {}",
                    secret,
                    String.join("; ", before.problems()));
        }
        LOG.info("{} written: {}", secret, String.join("; ", step.reasons()));
    }

    /** Shows the Secret's certificate, but not while API servers take only the one that is shown already. */
    private void adopt(@Nullable CertifiedKey candidate, Instant now) {
        CertifiedKey current = shown;
        if (candidate == null || candidate.equals(current)) {
            return;
        }
        if (current != null && isTaken(current, now) && !isTakenByAll(candidate, now)) {
            return;
        }
        show.accept(candidate);
        shown = candidate;
        LOG.info("serving the certificate of {} that is good until {}", secret, candidate.notAfter());
    }

    private boolean isTaken(CertifiedKey certificate, Instant now) {
        return live.problem(certificate.chain(), now) == null;
    }

    private boolean isTakenByAll(CertifiedKey certificate, Instant now) {
        X509Certificate issuer = live.trusted().issuerOf(certificate.certificate());
        return issuer != null && isCarried(issuer) && isTaken(certificate, now);
    }

    @Override
    public void close() {
        PeriodicTask running = task;
        if (running != null) {
            running.close();
        }
    }
}
