package dev.unroot.cluster;

import dev.unroot.common.LastFailure;
import dev.unroot.common.PeriodicTask;
import dev.unroot.common.Text;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the replicas leads, by a Lease that exists already and is only read and updated. As client-go does it
 * (leaderelection.go): nobody's clock is compared with another's; a lease is over when it was not seen to change for as
 * long as it says. What leaders do must be safe with two of them all the same.
 */
public final class LeaderElection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderElection.class);
    private static final Duration LEASE = Duration.ofSeconds(15);
    /** A leader that could not renew for this long no longer takes itself for one. */
    private static final Duration RENEWAL = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofSeconds(3);

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String identity;
    private final LongSupplier nanoTime;
    private final LastFailure failure = new LastFailure();
    private @Nullable PeriodicTask task;

    private @Nullable String observed;
    private long observedAt;
    private volatile boolean leading;
    private volatile long renewedAt;

    LeaderElection(KubernetesClient client, String namespace, String name, String identity, LongSupplier nanoTime) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.identity = identity;
        this.nanoTime = nanoTime;
    }

    /**
     * Begins to stand for election, and returns at once.
     *
     * @param who this replica, for people who look at the Lease; its pod's name
     */
    public static LeaderElection start(ClusterConnection connection, String namespace, String name, String who) {
        LeaderElection election = new LeaderElection(
                connection.client(), namespace, name, who + "_" + UUID.randomUUID(), System::nanoTime);
        election.task = new PeriodicTask("unroot-cluster-leader", Duration.ZERO, PAUSE, election::look);
        return election;
    }

    /** Whether this replica leads, as far as it can know. */
    public boolean isLeader() {
        return leading && nanoTime.getAsLong() - renewedAt < RENEWAL.toNanos();
    }

    synchronized void look() {
        try {
            stand();
            failure.clear();
        } catch (RuntimeException e) {
            String why =
                    e instanceof ClusterException ? Text.why(e) : ClusterException.reason(e, "get and update on it");
            if (failure.isNew(why)) {
                LOG.warn("the leader cannot be elected by {}: {}", this, why);
            }
        }
    }

    private void stand() {
        Lease lease = read();
        LeaseSpec spec = lease.getSpec() == null ? new LeaseSpec() : lease.getSpec();
        String holder = spec.getHolderIdentity();
        String seen = lease.getMetadata().getResourceVersion();
        if (!Objects.equals(seen, observed)) {
            observed = seen;
            observedAt = nanoTime.getAsLong();
        }
        boolean ours = identity.equals(holder);
        boolean vacant = holder == null || holder.isEmpty();
        if (!ours
                && !vacant
                && nanoTime.getAsLong() - observedAt <= length(spec).toNanos()) {
            lead(false);
            return;
        }
        long before = nanoTime.getAsLong();
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
        int transitions = spec.getLeaseTransitions() == null ? 0 : spec.getLeaseTransitions();
        boolean written = update(new LeaseBuilder(lease)
                .editOrNewSpec()
                .withHolderIdentity(identity)
                .withLeaseDurationSeconds((int) LEASE.toSeconds())
                .withAcquireTime(ours && spec.getAcquireTime() != null ? spec.getAcquireTime() : now)
                .withRenewTime(now)
                .withLeaseTransitions(ours ? transitions : transitions + 1)
                .endSpec()
                .build());
        if (written) {
            renewedAt = before;
        }
        lead(written);
    }

    private static Duration length(LeaseSpec spec) {
        return spec.getLeaseDurationSeconds() == null ? LEASE : Duration.ofSeconds(spec.getLeaseDurationSeconds());
    }

    private void lead(boolean now) {
        if (leading != now) {
            LOG.info(now ? "leading, by {}" : "no longer leading, by {}", this);
        }
        leading = now;
    }

    private Lease read() {
        Lease lease = client.leases().inNamespace(namespace).withName(name).get();
        if (lease == null) {
            throw new ClusterException("it does not exist. Create it empty, as the chart does");
        }
        return lease;
    }

    /** False where somebody else was quicker. */
    private boolean update(Lease lease) {
        try {
            client.leases().inNamespace(namespace).resource(lease).update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    /** Gives the lease back, so that another replica leads at once. */
    @Override
    public void close() {
        PeriodicTask running = task;
        if (running != null) {
            running.stop();
        }
        release();
    }

    private synchronized void release() {
        if (!leading) {
            return;
        }
        leading = false;
        try {
            Lease lease = read();
            if (lease.getSpec() != null && identity.equals(lease.getSpec().getHolderIdentity())) {
                update(new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity(null)
                        .endSpec()
                        .build());
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "{} could not be given back, and runs out by itself: {}",
                    this,
                    ClusterException.reason(e, "get and update on it"));
        }
    }

    @Override
    public String toString() {
        return "Lease " + namespace + "/" + name;
    }
}
