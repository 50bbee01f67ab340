package dev.unroot.registry.remote;

import dev.unroot.common.Deadline;
import dev.unroot.common.Threads;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Answer;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.LookupMemory;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TagSource;
import dev.unroot.registry.Unpackers;
import dev.unroot.registry.access.Authenticator;
import dev.unroot.registry.access.TokenServices;
import dev.unroot.registry.access.Tokens;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.http.HttpSender;
import dev.unroot.registry.http.RateLimits;
import dev.unroot.registry.http.Redirects;
import dev.unroot.registry.http.Response;
import dev.unroot.registry.http.Trust;
import dev.unroot.registry.place.AddressGuard;
import dev.unroot.registry.place.Mirrors;
import dev.unroot.registry.place.Outages;
import dev.unroot.registry.place.RegistryHosts;
import dev.unroot.registry.place.Repository;
import dev.unroot.registry.place.RequestContext;
import dev.unroot.registry.place.TargetResolver;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Registries that speak the OCI distribution protocol. Each step runs on a worker of its own pool and blocks there, layers
 * on threads of another; event loops only move bytes. Source: distribution-spec, "Pulling manifests" and "Pulling blobs".
 */
public final class RemoteRegistry implements TagSource, AutoCloseable {
    private static final int WAITING = 1_024;
    private static final String ANY_MANIFEST = "application/vnd.oci.image.index.v1+json, "
            + "application/vnd.docker.distribution.manifest.list.v2+json, "
            + "application/vnd.oci.image.manifest.v1+json, "
            + "application/vnd.docker.distribution.manifest.v2+json";
    private static final String DIGEST_HEADER = "Docker-Content-Digest";
    /** Healthy registries answer HEAD at once; a token may have to be fetched before. */
    private static final Duration HEAD_TIME = Duration.ofSeconds(2);

    private final Limits limits;
    private final Mirrors mirrors;
    private final AddressGuard guard;
    private final HttpSender sender;
    private final Authenticator authenticator;
    private final ThreadPoolExecutor workers;
    private final Unpackers unpackers;

    /**
     * @param vertx stays the caller's: {@link #close} does not close it
     * @throws IllegalArgumentException where a configured host or caFile is not one
     */
    public RemoteRegistry(Vertx vertx, RemoteOptions options) {
        RegistryHosts hosts = new RegistryHosts(options.registries());
        Trust trust = new Trust(options.registries());
        limits = options.limits();
        int lookups = Math.min(options.lookups(), LookupMemory.shared().atOnce());
        workers = Threads.pool("unroot-registry", lookups, WAITING);
        unpackers = new Unpackers(lookups, WAITING);
        mirrors = new Mirrors(hosts, options.rules(), options.ticker());
        Outages outages = new Outages(options.ticker(), options.listener(), options.trustZone() == TrustZone.UNTRUSTED);
        guard = new AddressGuard(options.trustZone(), hosts, options.resolver(), outages);
        TargetResolver resolver = new TargetResolver(options.rules(), options.proxies(), guard);
        // Each lookup has a connection: whoever leads theirs to another registry's host leaves that registry's lookups
        // theirs.
        sender = new HttpSender(
                vertx, resolver, hosts, trust, outages, options.trustZone(), lookups, options.listener());
        RateLimits rateLimits = new RateLimits(options.ticker());
        Redirects redirects = new Redirects(sender, hosts, options.trustZone(), rateLimits);
        TokenServices services = new TokenServices(hosts, options.registries());
        Tokens tokens = new Tokens(redirects, services, options.ticker());
        authenticator = new Authenticator(redirects, tokens, rateLimits, options.credentials());
    }

    @Override
    public CompletionStage<Answer<Digest>> digest(Pull pull) {
        return onWorker(pull, (repository, room) -> Answer.of(pull, headOrGet(repository, room)));
    }

    @Override
    public CompletionStage<Entitlement> entitlement(
            ImageReference reference, PullIdentity identity, Deadline deadline) {
        CompletionStage<Entitlement> all = authenticator.entitlement(reference, identity, deadline);
        for (Repository mirror : mirrors.of(new Pull(reference, identity, deadline))) {
            all = all.thenCombine(
                    authenticator.entitlement(mirror.reference(), mirror.identity(), deadline), Entitlement::and);
        }
        return all;
    }

    @Override
    public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
        return onWorker(pull, (repository, room) -> getManifest(repository, tagOrDigest, room));
    }

    @Override
    public CompletionStage<byte[]> blob(Pull pull, Descriptor descriptor) {
        return onWorker(pull, (repository, room) -> getBlob(repository, descriptor, room));
    }

    @Override
    public <R> CompletionStage<R> layer(Pull pull, Descriptor descriptor, LayerReader<R> reader) {
        return unpackers.run(
                pull,
                () -> mirrors.first(
                        pull, repository -> unpackers.readHere(pull, () -> openLayer(repository, descriptor), reader)));
    }

    /** Asks by HEAD, which registries do not count, and by GET where that tells nothing. */
    private Digest headOrGet(Repository repository, LookupMemory.Room room) {
        String tagOrDigest = repository.pull().image().tagOrDigest();
        Digest told = head(repository, tagOrDigest);
        return told == null
                ? Digest.parse(getManifest(repository, tagOrDigest, room).digest())
                : told;
    }

    /**
     * What HEAD tells; null for nothing. That HEAD fails says nothing of the image or the registry, whatever it fails by:
     * the cold ask and the node use GET, and what stands before a registry may refuse HEAD in any way, or be silent.
     */
    private @Nullable Digest head(Repository repository, String tagOrDigest) {
        try (Response response =
                authenticator.ask(hasty(repository), HttpMethod.HEAD, "manifests/" + tagOrDigest, ANY_MANIFEST)) {
            Digest told = digestHeader(response);
            if (told == null || !Digest.isDigest(tagOrDigest)) {
                return told;
            }
            Digest wanted = Digest.parse(tagOrDigest);
            return differ(told, wanted) ? null : wanted;
        } catch (LookupException e) {
            if (e.why() == UnknownCause.REFUSED_ADDRESS
                    || repository.pull().deadline().isOver()) {
                throw e;
            }
            return null;
        }
    }

    /** With so little time that there is enough left for GET. */
    private static Repository hasty(Repository repository) {
        Duration half = repository.pull().deadline().remaining().dividedBy(2);
        return repository.within(half.compareTo(HEAD_TIME) < 0 ? half : HEAD_TIME);
    }

    private Document getManifest(Repository repository, String tagOrDigest, LookupMemory.Room room) {
        try (Response response =
                authenticator.ask(repository, HttpMethod.GET, "manifests/" + tagOrDigest, ANY_MANIFEST)) {
            byte[] bytes = response.bytes(limits.manifestBytes(), "a manifest", room);
            Digest told = Digest.isDigest(tagOrDigest) ? Digest.parse(tagOrDigest) : digestHeader(response);
            if (told != null && !told.matches(bytes)) {
                throw notAskedFor(response, "a manifest");
            }
            String digest = told == null ? Digest.of(bytes).toString() : told.toString();
            return new Document(bytes, digest, mediaType(response.header("Content-Type")));
        }
    }

    private byte[] getBlob(Repository repository, Descriptor descriptor, LookupMemory.Room room) {
        int most = Math.min(limits.configBytes(), LookupMemory.shared().largestAnswer());
        if (descriptor.size() > most) {
            throw tooLarge(repository.pull(), "configuration", most);
        }
        try (Response response = authenticator.ask(repository, HttpMethod.GET, "blobs/" + descriptor.digest(), "")) {
            byte[] bytes = descriptor.size() == 0
                    ? response.bytes(most, "a configuration", room)
                    : response.within((int) descriptor.size(), room);
            if (bytes == null
                    || (descriptor.size() != 0 && descriptor.size() != bytes.length)
                    || !descriptor.digest().matches(bytes)) {
                throw notAskedFor(response, "a configuration");
            }
            return bytes;
        }
    }

    private InputStream openLayer(Repository repository, Descriptor descriptor) {
        if (descriptor.size() > limits.layerBytes()) {
            throw tooLarge(repository.pull(), "layer", limits.layerBytes());
        }
        Response response = authenticator.ask(repository, HttpMethod.GET, "blobs/" + descriptor.digest(), "");
        if (response.length() > limits.layerBytes()) {
            response.body().close();
            throw tooLarge(repository.pull(), "layer", limits.layerBytes());
        }
        return response.body();
    }

    private static LookupException tooLarge(Pull pull, String what, long limit) {
        return new LookupException(
                UnknownCause.TOO_LARGE,
                "image " + pull.image() + " has a " + what + " of more than " + limit + " bytes");
    }

    private static LookupException notAskedFor(Response response, String what) {
        return response.context().failed(UnknownCause.MALFORMED, "sent " + what + " that does not have its digest");
    }

    private static @Nullable Digest digestHeader(Response response) {
        String digest = response.header(DIGEST_HEADER);
        return digest != null && Digest.isDigest(digest) ? Digest.parse(digest) : null;
    }

    /** Digests by different algorithms may well be of the same bytes. */
    private static boolean differ(Digest one, Digest other) {
        return one.algorithm().equals(other.algorithm()) && !one.equals(other);
    }

    private static @Nullable String mediaType(@Nullable String contentType) {
        if (contentType == null) {
            return null;
        }
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
    }

    private static void waitFor(Pull pull, Runnable pause) {
        if (pull.deadline().isOver() || Thread.currentThread().isInterrupted()) {
            throw RequestContext.of(pull.image(), pull.deadline()).timedOut();
        }
        pause.run();
    }

    /** What comes of it is usually parsed by those who wait for it, while its room is still held. */
    private <T> CompletionStage<T> onWorker(Pull pull, BiFunction<Repository, LookupMemory.Room, T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            workers.execute(() -> {
                try (Deadline.Interruption interruptible = pull.deadline().interruptingThisThread();
                        LookupMemory.Room room = LookupMemory.shared()
                                .room(pull.image().registry(), result, pause -> waitFor(pull, pause))) {
                    result.complete(mirrors.first(pull, repository -> step.apply(repository, room)));
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            RequestContext context = RequestContext.of(pull.image(), pull.deadline());
            result.completeExceptionally(context.notAsked(UnknownCause.TIMEOUT, "too many requests are waiting"));
        }
        return result;
    }

    /** What is under way fails, and so does what was waiting: nobody waits for ever. */
    @Override
    public void close() {
        guard.close();
        sender.close();
        unpackers.close();
        workers.shutdownNow().forEach(Runnable::run);
    }
}
