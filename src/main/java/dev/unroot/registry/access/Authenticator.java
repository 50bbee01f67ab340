package dev.unroot.registry.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.GrantedCredentials;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.credentials.Credential;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.http.Purpose;
import dev.unroot.registry.http.RateLimits;
import dev.unroot.registry.http.Redirects;
import dev.unroot.registry.http.Request;
import dev.unroot.registry.http.Response;
import dev.unroot.registry.http.Statuses;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.Repository;
import dev.unroot.registry.place.RequestContext;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates at a registry: tries each credential in turn, answers a challenge once, and remembers what worked. A
 * registry that answers 401 for ever is asked twice per credential.
 */
public final class Authenticator {
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_BYTES_OF_SCHEMES = 8 << 20;
    /** What nobody shows any more is not held for ever. */
    private static final Duration IDLE = Duration.ofHours(1);

    private static final Set<UnknownCause> WORTH_ANOTHER_CREDENTIAL =
            Set.of(UnknownCause.UNAUTHORIZED, UnknownCause.NOT_FOUND);

    private final Redirects redirects;
    private final Tokens tokens;
    private final RateLimits limits;
    private final Credentials credentials;
    private final Cache<ProtectionSpace, Scheme> schemes = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES_OF_SCHEMES)
            .weigher((ProtectionSpace space, Scheme scheme) ->
                    Math.max(MOST_BYTES_OF_SCHEMES / MOST_REMEMBERED, scheme.length()))
            .expireAfterAccess(IDLE)
            .build();
    private final Cache<Puller, Credential> accepted = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterAccess(IDLE)
            .build();

    /** By what is a pull's own as long as it lasts. */
    private final Cache<GrantedCredentials, Map<Puller, Credentials.Candidates>> resolved =
            Caffeine.newBuilder().weakKeys().build();

    private record ProtectionSpace(Origin origin, String repository, Credential credential) {}

    /**
     * What a registry's challenge asks for.
     *
     * @param token null for a password by Basic authentication
     */
    private record Scheme(@Nullable TokenKey token) {
        int length() {
            return token == null ? 0 : token.length();
        }
    }

    private record Puller(String image, PullIdentity identity) {
        static Puller at(Repository repository) {
            return new Puller(repository.reference().name(), repository.identity());
        }
    }

    public Authenticator(Redirects redirects, Tokens tokens, RateLimits limits, Credentials credentials) {
        this.redirects = redirects;
        this.tokens = tokens;
        this.limits = limits;
        this.credentials = credentials;
    }

    public CompletionStage<Entitlement> entitlement(
            ImageReference reference, PullIdentity identity, Deadline deadline) {
        return credentials.entitlement(reference, identity, deadline);
    }

    /**
     * Asks until a credential is accepted.
     *
     * @param repository where; its credentials are the ones tried
     * @param path after {@code /v2/REPOSITORY/}
     * @return an answer of 200; the caller closes it
     */
    public Response ask(Repository repository, HttpMethod method, String path, String accept) {
        RequestContext context = repository.context();
        Origin origin = repository.origin();
        Credentials.Candidates candidates = candidates(repository);
        LookupException failure = context.failed(UnknownCause.UNAUTHORIZED, "could not be asked");
        for (Credential credential : inOrder(candidates.credentials(), repository)) {
            Request request = new Request(
                    method, origin, repository.target(path), accept, null, new Purpose(step(method, path), credential));
            // Before a token is fetched for it.
            limits.requireOpen(request, context);
            try {
                Response response = authenticate(repository, request, credential, context);
                if (response.status() == 200) {
                    accepted.put(Puller.at(repository), credential);
                    repository.pull().granted().givenTo(credential.key());
                    return response;
                }
                try (response) {
                    throw Statuses.failure(response);
                }
            } catch (LookupException e) {
                if (!WORTH_ANOTHER_CREDENTIAL.contains(e.why())) {
                    throw e;
                }
                failure = e;
            }
        }
        throw candidates.problems().isEmpty()
                ? failure
                : failure.withMore("; " + String.join("; ", candidates.problems()));
    }

    /** The same for all of a pull, though its Secrets change meanwhile; looked for again where the time was over first. */
    private Credentials.Candidates candidates(Repository repository) {
        Deadline deadline = repository.pull().deadline();
        Map<Puller, Credentials.Candidates> ofPull =
                resolved.get(repository.pull().granted(), pull -> new ConcurrentHashMap<>());
        Puller puller = Puller.at(repository);
        Credentials.Candidates known = ofPull.get(puller);
        if (known != null) {
            return known;
        }
        Credentials.Candidates found = credentials.find(repository.reference(), repository.identity(), deadline);
        if (!deadline.isOver()) {
            ofPull.put(puller, found);
        }
        return found;
    }

    private static Purpose.Step step(HttpMethod method, String path) {
        if (path.startsWith("blobs/")) {
            return Purpose.Step.BLOB;
        }
        return HttpMethod.HEAD.equals(method) ? Purpose.Step.CONFIRM : Purpose.Step.MANIFEST;
    }

    /** The one that worked before comes first: an image is several requests. */
    private List<Credential> inOrder(List<Credential> found, Repository repository) {
        Credential before = accepted.getIfPresent(Puller.at(repository));
        if (before == null || !found.contains(before)) {
            return found;
        }
        List<Credential> ordered = new ArrayList<>(found);
        ordered.add(0, ordered.remove(found.indexOf(before)));
        return ordered;
    }

    private Response authenticate(
            Repository repository, Request request, Credential credential, RequestContext context) {
        ProtectionSpace space = new ProtectionSpace(request.origin(), repository.name(), credential);
        Scheme known = schemes.getIfPresent(space);
        AnonymousToken elsewhere = new AnonymousToken(repository);
        Response response =
                redirects.follow(request.authorized(authorization(known, credential, context)), context, elsewhere);
        boolean challenged = response.status() == 401
                && response.origin().equals(request.origin())
                && credential.authConfig().preemptive() == null;
        Scheme scheme = challenged ? scheme(response, repository, request.origin(), credential, context) : null;
        if (scheme == null || scheme.token() == null && scheme.equals(known)) {
            return response;
        }
        response.close();
        schemes.put(space, scheme);
        if (scheme.token() != null && scheme.equals(known)) {
            tokens.forget(scheme.token());
        }
        return redirects.follow(request.authorized(authorization(scheme, credential, context)), context, elsewhere);
    }

    /** Whoever was redirected to is shown no credential, and like a registry may want a token that anyone can have. */
    private final class AnonymousToken implements Redirects.ChallengeHandler {
        private final Repository repository;
        private @Nullable TokenKey key;

        AnonymousToken(Repository repository) {
            this.repository = repository;
        }

        @Override
        public @Nullable String authorization(Response refusal, RequestContext here) {
            Challenge bearer = Challenge.first(Challenge.BEARER, refusal.headers("WWW-Authenticate"));
            if (bearer == null) {
                return null;
            }
            TokenKey asked = tokens.key(bearer, refusal.origin(), scope(repository), Credential.ANONYMOUS, here);
            key = asked;
            String kept = tokens.kept(asked);
            return "Bearer " + (kept == null ? tokens.fetch(asked, here) : kept);
        }

        @Override
        public void refused() {
            if (key != null) {
                tokens.forget(key);
            }
        }
    }

    private static String scope(Repository repository) {
        return "repository:" + repository.name() + ":pull";
    }

    /** What a 401 asks for; null where there is nothing to answer it with. */
    private @Nullable Scheme scheme(
            Response response, Repository repository, Origin registry, Credential credential, RequestContext context) {
        List<String> headers = response.headers("WWW-Authenticate");
        Challenge bearer = Challenge.first(Challenge.BEARER, headers);
        if (bearer == null) {
            boolean basic = Challenge.first(Challenge.BASIC, headers) != null
                    && credential.authConfig().basic() != null;
            return basic ? new Scheme(null) : null;
        }
        try {
            return new Scheme(tokens.key(bearer, registry, scope(repository), credential, context));
        } catch (LookupException e) {
            response.close();
            throw e;
        }
    }

    private @Nullable String authorization(@Nullable Scheme scheme, Credential credential, RequestContext context) {
        if (scheme == null) {
            return credential.authConfig().preemptive();
        }
        TokenKey key = scheme.token();
        if (key == null) {
            return credential.authConfig().basic();
        }
        String kept = tokens.kept(key);
        return "Bearer " + (kept == null ? tokens.fetch(key, context) : kept);
    }
}
