package dev.unroot;

import dev.unroot.cluster.ClusterConnection;
import dev.unroot.cluster.ClusterNodes;
import dev.unroot.cluster.ClusterPullSecrets;
import dev.unroot.command.UsageException;
import dev.unroot.configuration.Configuration.ImageLookup;
import dev.unroot.configuration.FileRemarks;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.SavedImages;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.review.ExistingPods;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.Namespaces;
import dev.unroot.review.PullSecrets;
import dev.unroot.webhook.Metrics;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Logger LOG = LoggerFactory.getLogger(ServeContext.class);

    /**
     * How images are read.
     *
     * @param saved the file of what is known of them; null where there is none
     */
    record ReadImages(ImageUsers users, @Nullable SavedImages saved) {}

    ReadImages images(ImageLookup lookup, Resources part) throws UsageException {
        if (layout != null) {
            return new ReadImages(Images.layout(layout, lookup.limits().image(), part), null);
        }
        Credentials credentials = RegistryCredentials.ofWebhook(lookup, pullSecrets(lookup), part);
        CachingImageUsers users = Images.registries(lookup, TrustZone.STRANGERS, credentials, lookupMeters, part);
        ConfiguredFile file = lookup.cache().file();
        if (file == null) {
            return new ReadImages(users, null);
        }
        String remark = FileRemarks.ofCache(file);
        if (remark != null) {
            LOG.warn("{}", remark);
        }
        return new ReadImages(users, part.add(users.saveTo(file.path())));
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
