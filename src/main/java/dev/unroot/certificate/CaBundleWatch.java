package dev.unroot.certificate;

import dev.unroot.common.Text;
import dev.unroot.common.Threads;
import java.time.Clock;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every five seconds at a {@code caBundle} that somebody else writes, cert-manager for instance. */
public final class CaBundleWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaBundleWatch.class);
    private static final int PAUSE_SECONDS = 5;

    private final ApiServerTrust live;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, Threads.factory("unroot-cluster-bundle"));
    private @Nullable String told;

    public CaBundleWatch(ClusterCertificates cluster, String webhookConfiguration, ServiceName service, Clock clock) {
        this.live = new ApiServerTrust(cluster.caBundles(webhookConfiguration, service));
        this.clock = clock;
    }

    /** Begins, and returns at once. */
    public static CaBundleWatch start(
            ClusterCertificates cluster, String webhookConfiguration, ServiceName service, Clock clock) {
        CaBundleWatch watch = new CaBundleWatch(cluster, webhookConfiguration, service, clock);
        Future<?> unused = watch.thread.scheduleWithFixedDelay(watch::look, 0, PAUSE_SECONDS, TimeUnit.SECONDS);
        return watch;
    }

    public ApiServerTrust live() {
        return live;
    }

    /** Never throws: a scheduled task that does is never run again. */
    public void look() {
        String failure = null;
        try {
            live.refresh(clock.instant());
        } catch (RuntimeException e) {
            failure = Text.why(e);
        }
        if (failure != null && !failure.equals(told)) {
            LOG.warn("{}. What was last known stays", failure);
        }
        told = failure;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
