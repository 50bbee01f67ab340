package dev.unroot.certificate;

import dev.unroot.common.LastFailure;
import dev.unroot.common.PeriodicTask;
import dev.unroot.common.Text;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every five seconds at a {@code caBundle} that somebody else writes, cert-manager for instance. */
public final class CaBundleWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaBundleWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final ApiServerTrust live;
    private final Clock clock;
    private final LastFailure failure = new LastFailure();
    private @Nullable PeriodicTask task;

    public CaBundleWatch(ClusterCertificates cluster, String webhookConfiguration, ServiceName service, Clock clock) {
        this.live = new ApiServerTrust(cluster.caBundles(webhookConfiguration, service));
        this.clock = clock;
    }

    /** Begins, and returns at once. */
    public static CaBundleWatch start(
            ClusterCertificates cluster, String webhookConfiguration, ServiceName service, Clock clock) {
        CaBundleWatch watch = new CaBundleWatch(cluster, webhookConfiguration, service, clock);
        watch.task = new PeriodicTask("unroot-cluster-bundle", Duration.ZERO, PAUSE, watch::look);
        return watch;
    }

    public ApiServerTrust live() {
        return live;
    }

    public void look() {
        try {
            live.refresh(clock.instant());
            failure.clear();
        } catch (RuntimeException e) {
            String why = Text.why(e);
            if (failure.isNew(why)) {
                LOG.warn("{}. What was last known stays", why);
            }
        }
    }

    @Override
    public void close() {
        PeriodicTask running = task;
        if (running != null) {
            running.close();
        }
    }
}
