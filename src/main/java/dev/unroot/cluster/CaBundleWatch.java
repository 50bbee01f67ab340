package dev.unroot.cluster;

import dev.unroot.certificate.ServiceName;
import dev.unroot.common.Text;
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

    private final LiveCaBundle live;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, new DaemonThreads("bundle"));
    private @Nullable String told;

    CaBundleWatch(ClusterConnection connection, String webhookConfiguration, ServiceName service, Clock clock) {
        this.live = new LiveCaBundle(new WebhookConfiguration(connection.client(), webhookConfiguration, service));
        this.clock = clock;
    }

    /** Begins, and returns at once. */
    public static CaBundleWatch start(
            ClusterConnection connection, String webhookConfiguration, ServiceName service, Clock clock) {
        CaBundleWatch watch = new CaBundleWatch(connection, webhookConfiguration, service, clock);
        Future<?> unused = watch.thread.scheduleWithFixedDelay(watch::look, 0, PAUSE_SECONDS, TimeUnit.SECONDS);
        return watch;
    }

    public LiveCaBundle live() {
        return live;
    }

    /** Never throws: a scheduled task that does is never run again. */
    void look() {
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
