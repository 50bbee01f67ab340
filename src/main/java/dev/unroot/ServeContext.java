package dev.unroot;

import dev.unroot.cluster.ClusterConnection;
import dev.unroot.cluster.ClusterNodes;
import dev.unroot.cluster.ClusterPullSecrets;
import dev.unroot.command.UsageException;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.review.ExistingPods;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.Namespaces;
import dev.unroot.review.PullSecrets;
import dev.unroot.webhook.Metrics;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same while {@code serve} runs, whatever becomes of its configuration.
 *
 * @param layout read images from there instead of registries; null for registries
 * @param connection null outside a cluster
 * @param namespaces null outside a cluster: the configuration says it there
 * @param pods {@link ExistingPods#NONE} outside a cluster
 */
record ServeContext(
        @Nullable Path layout,
        @Nullable ClusterConnection connection,
        @Nullable Namespaces namespaces,
        ExistingPods pods,
        Metrics metrics,
        LookupMeters lookupMeters,
        Resources resources) {
    ImageUsers images(ImageLookup lookup, Resources part) throws UsageException {
        if (layout != null) {
            return Images.layout(layout, lookup.limits().image(), part);
        }
        Credentials credentials = RegistryCredentials.ofWebhook(lookup, pullSecrets(lookup), part);
        return Images.registries(lookup, TrustZone.STRANGERS, credentials, lookupMeters, part);
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
