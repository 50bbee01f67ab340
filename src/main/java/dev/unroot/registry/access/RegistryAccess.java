package dev.unroot.registry.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Entitlement;
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
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gets past a registry's door: tries each credential in turn, answers a challenge once, and remembers what worked. A
 * registry that answers 401 for ever is asked twice per credential.
 */
public final class RegistryAccess {
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_BYTES_OF_LOCKS = 8 << 20;
    /** What nobody shows any more is not held for ever. */
    private static final Duration IDLE = Duration.ofHours(1);

    private static final Set<UnknownCause> WORTH_ANOTHER_CREDENTIAL =
            Set.of(UnknownCause.UNAUTHORIZED, UnknownCause.NOT_FOUND);

    private final Redirects route;
    private final Tokens tokens;
    private final RateLimits limits;
    private final Credentials credentials;
    private final Cache<Door, Lock> locks = Caffeine.newBuilder()
            .maximumWeight(MOST_BYTES_OF_LOCKS)
            .weigher((Door door, Lock lock) -> Math.max(MOST_BYTES_OF_LOCKS / MOST_REMEMBERED, lock.length()))
            .expireAfterAccess(IDLE)
            .build();
    private final Cache<Visitor, Credential> admitted = Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterAccess(IDLE)
            .build();

    private record Door(Origin origin, String repository, Credential credential) {}

    /**
     * What a door asks for.
     *
     * @param token null for a password by Basic authentication
     */
    private record Lock(@Nullable TokenKey token) {
        int length() {
            return token == null ? 0 : token.length();
        }
    }

    private record Visitor(String image, PullIdentity identity) {
        static Visitor at(Repository place) {
            return new Visitor(place.reference().name(), place.identity());
        }
    }

    public RegistryAccess(Redirects route, Tokens tokens, RateLimits limits, Credentials credentials) {
        this.route = route;
        this.tokens = tokens;
        this.limits = limits;
        this.credentials = credentials;
    }

    public CompletionStage<Entitlement> entitlement(
            ImageReference reference, PullIdentity identity, Deadline deadline) {
        return credentials.entitlement(reference, identity, deadline);
    }

    /**
     * Asks until a credential is let in.
     *
     * @param place where; its credentials are the ones tried
     * @param path after {@code /v2/REPOSITORY/}
     * @return an answer of 200; the caller closes it
     */
    public Response ask(Repository place, HttpMethod method, String path, String accept) {
        RequestContext errand = place.errand();
        Origin origin = place.origin();
        Credentials.Candidates candidates = credentials.find(
                place.reference(), place.identity(), place.pull().deadline());
        LookupException failure = errand.failed(UnknownCause.UNAUTHORIZED, "could not be asked");
        for (Credential credential : inOrder(candidates.credentials(), place)) {
            Request call = new Request(
                    method, origin, place.target(path), accept, null, new Purpose(step(method, path), credential));
            // Before a token is fetched for it.
            limits.requireOpen(call, errand);
            try {
                Response reply = knock(place, call, credential, errand);
                if (reply.status() == 200) {
                    admitted.put(Visitor.at(place), credential);
                    place.pull().admission().givenTo(credential.key());
                    return reply;
                }
                try (reply) {
                    throw Statuses.failure(reply);
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

    private static Purpose.Step step(HttpMethod method, String path) {
        if (path.startsWith("blobs/")) {
            return Purpose.Step.BLOB;
        }
        return HttpMethod.HEAD.equals(method) ? Purpose.Step.CONFIRM : Purpose.Step.MANIFEST;
    }

    /** The one that worked before comes first: an image is several requests. */
    private List<Credential> inOrder(List<Credential> found, Repository place) {
        Credential before = admitted.getIfPresent(Visitor.at(place));
        if (before == null || !found.contains(before)) {
            return found;
        }
        List<Credential> ordered = new ArrayList<>(found);
        ordered.add(0, ordered.remove(found.indexOf(before)));
        return ordered;
    }

    private Response knock(Repository place, Request call, Credential credential, RequestContext errand) {
        Door door = new Door(call.origin(), place.repository(), credential);
        Lock known = locks.getIfPresent(door);
        Response reply = follow(call.authorized(shown(known, credential, errand)), place, errand);
        boolean challenged = reply.status() == 401
                && reply.origin().equals(call.origin())
                && credential.proof().unasked() == null;
        Lock lock = challenged ? lock(reply, place, call.origin(), credential, errand) : null;
        if (lock == null || lock.token() == null && lock.equals(known)) {
            return reply;
        }
        reply.close();
        locks.put(door, lock);
        if (lock.token() != null && lock.equals(known)) {
            tokens.forget(lock.token());
        }
        return follow(call.authorized(shown(lock, credential, errand)), place, errand);
    }

    private Response follow(Request call, Repository place, RequestContext errand) {
        GuestPass guest = new GuestPass(place);
        Response reply = route.follow(call, errand, guest);
        if (reply.status() == 401) {
            guest.forget();
        }
        return reply;
    }

    /** Whoever was redirected to is a stranger to our credentials, and like a registry may want a token that anyone can have. */
    private final class GuestPass implements Redirects.Guest {
        private final Repository place;
        private @Nullable TokenKey key;

        GuestPass(Repository place) {
            this.place = place;
        }

        @Override
        public @Nullable String pass(Response refusal, RequestContext here) {
            Challenge bearer = Challenge.first(Challenge.BEARER, refusal.headers("WWW-Authenticate"));
            if (bearer == null) {
                return null;
            }
            TokenKey wanted = tokens.key(bearer, refusal.origin(), scope(place), Credential.ANONYMOUS, here);
            key = wanted;
            String kept = tokens.kept(wanted);
            return "Bearer " + (kept == null ? tokens.fetch(wanted, here) : kept);
        }

        /** It was of no use. */
        void forget() {
            if (key != null) {
                tokens.forget(key);
            }
        }
    }

    private static String scope(Repository place) {
        return "repository:" + place.repository() + ":pull";
    }

    /** What a 401 asks for; null where there is nothing to answer it with. */
    private @Nullable Lock lock(
            Response reply, Repository place, Origin registry, Credential credential, RequestContext errand) {
        List<String> headers = reply.headers("WWW-Authenticate");
        Challenge bearer = Challenge.first(Challenge.BEARER, headers);
        if (bearer == null) {
            boolean basic = Challenge.first(Challenge.BASIC, headers) != null
                    && credential.proof().basic() != null;
            return basic ? new Lock(null) : null;
        }
        try {
            return new Lock(tokens.key(bearer, registry, scope(place), credential, errand));
        } catch (LookupException e) {
            reply.close();
            throw e;
        }
    }

    private @Nullable String shown(@Nullable Lock lock, Credential credential, RequestContext errand) {
        if (lock == null) {
            return credential.proof().unasked();
        }
        TokenKey key = lock.token();
        if (key == null) {
            return credential.proof().basic();
        }
        String kept = tokens.kept(key);
        return "Bearer " + (kept == null ? tokens.fetch(key, errand) : kept);
    }
}
