package dev.unroot;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.command.UsageException;
import dev.unroot.common.Text;
import dev.unroot.configuration.Configuration;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.LookupMemory;
import dev.unroot.registry.Workers;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.layout.OciLayout;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.remote.RemoteOptions;
import dev.unroot.registry.remote.RemoteRegistry;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.registry.users.SourceImageUsers;
import dev.unroot.review.ImageUsers;
import dev.unroot.serve.ImageLookups;
import dev.unroot.serve.LookupMeters;
import dev.unroot.serve.Resources;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes the readers of images that the commands ask for, and leaves them with whoever closes them. */
public final class Images {
    private static final int UNPACKING_THREADS = 2;
    private static final int WAITING_IMAGES = 10_000;

    private Images() {}

    /** Looks nothing up. */
    static ImageUsers offline() {
        return (query, deadline) -> CompletableFuture.completedFuture(new ImageFacts.Unknown(
                UnknownCause.OFFLINE, "image " + query.reference() + " was not looked up (--offline)"));
    }

    /** @param layout read images from there instead of registries; null for registries */
    public static ImageLookups ofWebhook(@Nullable Path layout) {
        return (lookup, secrets, meters, part) -> layout != null
                ? layout(layout, lookup.limits(), part)
                : registries(
                        lookup,
                        TrustZone.UNTRUSTED,
                        RegistryCredentials.ofWebhook(lookup, secrets, part),
                        meters,
                        part);
    }

    /** Reads an image layout or tar within the limits; on threads of its own, for its callers may serve event loops. */
    static ImageUsers layout(Path path, Limits limits, Resources resources) throws UsageException {
        ThreadPoolExecutor threads = resources.add(Workers.pool(UNPACKING_THREADS, WAITING_IMAGES));
        ImageUsers users = new SourceImageUsers(openLayout(path, limits), limits, Detail.USER);
        return (query, deadline) -> {
            try {
                return CompletableFuture.supplyAsync(() -> users.find(query, deadline), threads)
                        .thenCompose(Function.identity());
            } catch (RejectedExecutionException full) {
                return CompletableFuture.completedFuture(new ImageFacts.Unknown(
                        UnknownCause.TIMEOUT, "too many images are being read to look into " + query.reference()));
            }
        };
    }

    /** Reads registries, and remembers; whatever it costs is counted. */
    static CachingImageUsers registries(
            Configuration.ImageLookup lookup,
            TrustZone reach,
            Credentials credentials,
            LookupMeters meters,
            Resources resources)
            throws UsageException {
        RemoteRegistry registry = openRegistries(lookup, reach, credentials, meters, resources);
        CachingImageUsers users = resources.add(new CachingImageUsers(
                registry,
                new ImageReader(registry, lookup.limits()),
                Detail.USER,
                lookup.cache().atMost(LookupMemory.shared().atOnce()),
                Ticker.systemTicker(),
                meters));
        meters.watch(users);
        return users;
    }

    /** For looking closely at single images. */
    static ImageReader reader(ImageSource source) {
        return new ImageReader(source, Limits.DEFAULT);
    }

    static OciLayout openLayout(Path path, Limits limits) throws UsageException {
        try {
            return OciLayout.open(path, limits);
        } catch (IOException e) {
            throw new UsageException("--images " + Text.why(e));
        }
    }

    static RemoteRegistry openRegistries(
            Configuration.ImageLookup lookup,
            TrustZone reach,
            Credentials credentials,
            RequestListener listener,
            Resources resources)
            throws UsageException {
        Vertx vertx = resources.vertx();
        RemoteOptions options = remoteOptions(lookup, reach, credentials, listener, System.getenv());
        try {
            return resources.add(new RemoteRegistry(vertx, options));
        } catch (IllegalArgumentException e) {
            throw new UsageException(Text.why(e));
        }
    }

    /** @param environment names the proxies where the configuration names none */
    static RemoteOptions remoteOptions(
            Configuration.ImageLookup lookup,
            TrustZone reach,
            Credentials credentials,
            RequestListener listener,
            Map<String, String> environment)
            throws UsageException {
        Proxies configured = lookup.proxies();
        try {
            return new RemoteOptions(
                    reach,
                    lookup.registries(),
                    lookup.hosts(),
                    configured == null ? Proxies.fromEnvironment(environment) : configured,
                    lookup.limits(),
                    lookup.cache().lookups(),
                    credentials,
                    HostResolver.SYSTEM,
                    Ticker.systemTicker(),
                    listener);
        } catch (IllegalArgumentException e) {
            throw new UsageException(Text.why(e));
        }
    }
}
