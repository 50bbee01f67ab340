package dev.unroot.serve;

import dev.unroot.cluster.ClusterConnection;
import dev.unroot.cluster.ClusterNodes;
import dev.unroot.cluster.ClusterPullSecrets;
import dev.unroot.command.UsageException;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.review.ExistingPods;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.Namespaces;
import dev.unroot.review.PullSecrets;
import dev.unroot.webhook.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same while {@code serve} runs, whatever becomes of its configuration.
 *
 * @param connection null outside a cluster
 * @param namespaces null outside a cluster: the configuration says it there
 * @param pods {@link ExistingPods#NONE} outside a cluster
 */
record ServeContext(
        ImageLookups lookups,
        @Nullable ClusterConnection connection,
        @Nullable Namespaces namespaces,
        ExistingPods pods,
        Metrics metrics,
        LookupMeters lookupMeters,
        Resources resources) {
    ImageUsers images(ImageLookup lookup, Resources part) throws UsageException {
        return lookups.open(lookup, pullSecrets(lookup), lookupMeters, part);
    }

    /** Those that may be read; none outside a cluster. */
    private PullSecrets pullSecrets(ImageLookup lookup) {
        return connection == null ? PullSecrets.NONE : ClusterPullSecrets.of(connection, lookup.pullSecrets()::include);
    }

    /** Null outside a cluster. */
    @Nullable
    ClusterNodes nodes(Runnable onChange) {
        return connection == null ? null : ClusterNodes.start(connection, onChange);
    }
}
