package dev.unroot.configuration;

import dev.unroot.certificate.Lifetimes;
import dev.unroot.certificate.PemFiles;
import dev.unroot.common.Glob;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.HostRules;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.review.Exemptions;
import dev.unroot.review.Modes;
import dev.unroot.review.OnUnverified;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator configures, {@code kind: UnrootConfiguration}; each component is the key of that name.
 *
 * @param enforceDefault {@code defaults.enforce} where the file writes it; null where it does not
 * @param floor no namespace enforces less
 * @param relaxForUserNamespaces {@code userNamespaces: relaxed}
 * @param namespaces labels by namespace, as a cluster would have them; for standalone mode and {@code check}
 * @param leaderElection null where every replica may write
 * @param drainDelay {@code shutdown.drainDelay}: how long a replica that was told to stop serves on
 */
public record Configuration(
        Modes defaults,
        @Nullable Level enforceDefault,
        Level floor,
        Exemptions exemptions,
        boolean relaxForUserNamespaces,
        Workloads workloads,
        ImageLookup imageLookup,
        Map<String, Map<String, String>> namespaces,
        Certificates certificates,
        @Nullable LeaderElection leaderElection,
        Duration drainDelay) {

    /** What an empty file means. */
    public static final Configuration DEFAULT = new Configuration(
            new Modes(Level.NONE, Level.HARDENED, Level.HARDENED),
            null,
            Level.NONE,
            Exemptions.NONE,
            true,
            new Workloads(false, List.of()),
            ImageLookup.DEFAULT,
            Map.of(),
            Certificates.NONE,
            null,
            Duration.ofSeconds(10));

    /** The same with another default for enforce. */
    public Configuration enforcing(Level level) {
        return new Configuration(
                defaults.enforcing(level),
                level,
                floor,
                exemptions,
                relaxForUserNamespaces,
                workloads,
                imageLookup,
                namespaces,
                certificates,
                leaderElection,
                drainDelay);
    }

    /**
     * How controllers are treated.
     *
     * @param enforce they may be denied too
     * @param custom kinds beyond the built-in ones
     */
    public record Workloads(boolean enforce, List<PodTemplates.Custom> custom) {}

    /**
     * How images are looked up.
     *
     * @param onUnverified by cause; {@code otherwise} for causes it does not list
     * @param timeout of one lookup; positive
     * @param advisoryWait for an image that can only better the message; zero: never
     * @param platformsWritten {@code platforms} is the operator's word, and not the default
     * @param pullSecrets whose Secrets may be read
     * @param ownCredentials {@code dockerConfig} and {@code credentialHelpers}
     * @param hosts which registries may be asked
     * @param proxies by which they are reached; null: those that the environment names
     */
    public record ImageLookup(
            Map<UnknownCause, OnUnverified> onUnverified,
            OnUnverified otherwise,
            Duration timeout,
            Duration advisoryWait,
            List<Glob> trustTags,
            List<Platform> platforms,
            boolean platformsWritten,
            Cache cache,
            List<RegistryOptions> registries,
            PullSecretNamespaces pullSecrets,
            OwnCredentials ownCredentials,
            HostRules hosts,
            @Nullable Proxies proxies,
            ImageLimits limits) {
        static final ImageLookup DEFAULT = new ImageLookup(
                Map.of(),
                OnUnverified.DENY,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                List.of(new Glob("*")),
                List.of(Platform.parse("linux/amd64"), Platform.parse("linux/arm64")),
                false,
                new Cache(20_000, Duration.ofMinutes(5), Duration.ofHours(24)),
                List.of(),
                PullSecretNamespaces.NONE,
                OwnCredentials.NONE,
                HostRules.ANY,
                null,
                ImageLimits.DEFAULT);

        /** As far as images are read by it: two that are equal in this way can share their readers and caches. */
        public ImageLookup forLookup() {
            return new ImageLookup(
                    DEFAULT.onUnverified,
                    DEFAULT.otherwise,
                    timeout,
                    DEFAULT.advisoryWait,
                    DEFAULT.trustTags,
                    DEFAULT.platforms,
                    DEFAULT.platformsWritten,
                    cache,
                    registries,
                    pullSecrets,
                    ownCredentials,
                    hosts,
                    proxies,
                    limits);
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
     * What looking images up may cost.
     *
     * @param image one image
     * @param lookups at once, in all
     * @param lookupsPerRegistry at once
     * @param waiting in line
     */
    public record ImageLimits(Limits image, int lookups, int lookupsPerRegistry, int waiting) {
        static final ImageLimits DEFAULT = new ImageLimits(
                Limits.DEFAULT,
                CacheOptions.DEFAULT.lookups(),
                CacheOptions.DEFAULT.lookupsPerRegistry(),
                CacheOptions.DEFAULT.waiting());
    }

    /**
     * What is remembered.
     *
     * @param maxImages at least 1
     * @param tagTtl how long a tag's digest holds without asking again
     * @param staleIfError how long it holds where the registry cannot be asked
     */
    public record Cache(int maxImages, Duration tagTtl, Duration staleIfError) {}

    /**
     * The webhook's certificate: of files, or kept in a Secret; neither: standalone mode makes one in memory.
     *
     * @param files null where it does not come from files
     * @param caFile CAs that verify the files' certificate; null where only the {@code caBundle} can say
     * @param secret where Unroot keeps the certificate that it looks after itself; null where it does not
     * @param lifetimes of what it makes
     * @param called how API servers come to call it; null where it need not know; never where there is a secret
     * @param clients who may call; null: everybody
     */
    public record Certificates(
            @Nullable ServedFiles files,
            @Nullable ConfiguredFile caFile,
            @Nullable String secret,
            Lifetimes lifetimes,
            @Nullable Called called,
            @Nullable Clients clients) {
        static final Certificates NONE = new Certificates(null, null, null, Lifetimes.DEFAULT, null, null);
    }

    /**
     * A certificate that others renew.
     *
     * @param certFile it and its chain
     * @param keyFile its key
     */
    public record ServedFiles(ConfiguredFile certFile, ConfiguredFile keyFile) {
        public PemFiles pem() {
            return new PemFiles(certFile.path(), keyFile.path());
        }
    }

    /**
     * A Service, and the ValidatingWebhookConfiguration that names it.
     *
     * @param namespace of the Service and the Secret; null: the pod's own
     */
    public record Called(
            String webhookConfiguration,
            String service,
            @Nullable String namespace) {}

    /** Client certificates asked for. @param names common names; empty: any */
    public record Clients(ConfiguredFile caFile, Set<String> names) {}

    /**
     * The Lease by which one replica is chosen to write.
     *
     * @param namespace of it; null: the pod's own
     */
    public record LeaderElection(String leaseName, @Nullable String namespace) {}
}
