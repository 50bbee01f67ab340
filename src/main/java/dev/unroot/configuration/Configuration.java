package dev.unroot.configuration;

import dev.unroot.certificate.CertificateOptions;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.UserNamespaceNodes;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.HostRules;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.ReviewSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator configures, {@code kind: UnrootConfiguration}: the options of the rooms, each with its own defaults.
 *
 * @param review {@code defaults}, {@code floor}, {@code exemptions}, {@code userNamespaces}, {@code workloads}, and of
 *     {@code imageLookup} what judging goes by
 * @param enforceDefault {@code defaults.enforce} where the file writes it; null where it does not
 * @param platformsWritten {@code imageLookup.platforms} is the operator's word, and not the default
 * @param imageLookup the rest of the key of that name
 * @param namespaces labels by namespace, as a cluster would have them; for standalone mode and {@code check}
 * @param leaderElection null where every replica may write
 * @param drainDelay {@code shutdown.drainDelay}: how long a replica that was told to stop serves on
 */
public record Configuration(
        ReviewSettings review,
        @Nullable Level enforceDefault,
        boolean platformsWritten,
        ImageLookup imageLookup,
        Map<String, Map<String, String>> namespaces,
        CertificateOptions certificates,
        @Nullable LeaderElection leaderElection,
        Duration drainDelay) {
    /** What an empty file means. */
    public static final Configuration DEFAULT = new Configuration(
            ReviewSettings.DEFAULT,
            null,
            false,
            ImageLookup.DEFAULT,
            Map.of(),
            CertificateOptions.NONE,
            null,
            Duration.ofSeconds(10));

    /** The same with another default for enforce. */
    public Configuration enforcing(Level level) {
        return new Configuration(
                review.enforcing(level),
                level,
                platformsWritten,
                imageLookup,
                namespaces,
                certificates,
                leaderElection,
                drainDelay);
    }

    /**
     * How to review in a cluster.
     *
     * @param nodes the platforms of its nodes; they count where any is known and the operator has written none
     * @param userNamespaces which of them map users
     */
    public ReviewSettings reviewing(List<Platform> nodes, UserNamespaceNodes userNamespaces) {
        JudgeSettings judging = review.judging();
        boolean asConfigured = nodes.isEmpty() || platformsWritten;
        return review.with(judging.on(asConfigured ? judging.platforms() : nodes, userNamespaces));
    }

    /**
     * How images are read: those who have equal ones can share their readers and caches.
     *
     * @param limits of one image
     * @param pullSecrets whose Secrets may be read
     * @param ownCredentials {@code dockerConfig} and {@code credentialHelpers}
     * @param hosts which registries may be asked
     * @param proxies by which they are reached; null: those that the environment names
     */
    public record ImageLookup(
            CacheOptions cache,
            Limits limits,
            List<RegistryOptions> registries,
            PullSecretNamespaces pullSecrets,
            OwnCredentials ownCredentials,
            HostRules hosts,
            @Nullable Proxies proxies) {
        static final ImageLookup DEFAULT = new ImageLookup(
                CacheOptions.DEFAULT,
                Limits.DEFAULT,
                List.of(),
                PullSecretNamespaces.NONE,
                OwnCredentials.NONE,
                HostRules.ANY,
                null);

        /** Of one lookup; positive. */
        public Duration timeout() {
            return cache.timeout();
        }
    }

    /**
     * The namespaces whose pull secrets and ServiceAccounts Unroot reads; it needs the right to.
     *
     * @param names {@code *} stands for every one
     */
    public record PullSecretNamespaces(Set<String> names) {
        static final PullSecretNamespaces NONE = new PullSecretNamespaces(Set.of());

        public PullSecretNamespaces {
            names = Set.copyOf(names);
        }

        public boolean include(String namespace) {
            return names.contains("*") || names.contains(namespace);
        }
    }

    /**
     * Unroot's own credentials for registries.
     *
     * @param dockerConfig a docker config file; null for none
     * @param credentialHelpers a folder of credential helpers, looked into before the PATH; null for none
     */
    public record OwnCredentials(
            @Nullable ConfiguredFile dockerConfig, @Nullable ConfiguredFile credentialHelpers) {
        static final OwnCredentials NONE = new OwnCredentials(null, null);
    }

    /**
     * The Lease by which one replica is chosen to write.
     *
     * @param namespace of it; null: the pod's own
     */
    public record LeaderElection(String leaseName, @Nullable String namespace) {}
}
