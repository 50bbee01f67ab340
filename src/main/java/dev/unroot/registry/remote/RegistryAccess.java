package dev.unroot.registry.remote;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.review.Deadline;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Gets past a registry's door: tries each credential in turn, answers a bearer challenge once, and remembers what
 * worked. A registry that answers 401 for ever is asked twice.
 */
final class RegistryAccess {
    private static final int MOST_REMEMBERED = 10_000;
    private static final Set<UnknownCause> WORTH_ANOTHER_CREDENTIAL =
            Set.of(UnknownCause.UNAUTHORIZED, UnknownCause.NOT_FOUND);

    private final Route route;
    private final Tokens tokens;
    private final RateLimits limits;
    private final Credentials credentials;
    private final Cache<Door, TokenKey> challenges =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();
    private final Cache<Visitor, Credential> admitted =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    private record Door(Origin origin, String repository, Credential credential) {}

    private record Visitor(String image, PullIdentity identity) {
        static Visitor of(Pull pull) {
            return new Visitor(pull.image().name(), pull.identity());
        }

        static Visitor at(Place place) {
            return new Visitor(place.reference().name(), place.identity());
        }
    }

    RegistryAccess(Route route, Tokens tokens, RateLimits limits, Credentials credentials) {
        this.route = route;
        this.tokens = tokens;
        this.limits = limits;
        this.credentials = credentials;
    }

    /** The credential that the last answer from this pull's repository was given to; null where that is not known. */
    @Nullable
    CredentialKey admitted(Pull pull) {
        Credential credential = admitted.getIfPresent(Visitor.of(pull));
        return credential == null ? null : credential.key();
    }

    CompletionStage<Entitlement> entitlement(ImageReference reference, PullIdentity identity, Deadline deadline) {
        return credentials.entitlement(reference, identity, deadline);
    }

    /**
     * Asks until a credential is let in.
     *
     * @param place where; its credentials are the ones tried
     * @param path after {@code /v2/REPOSITORY/}
     * @param alsoFine a status other than 200 that the caller wants to see; 200 for none
     * @return 200 or that status; the caller closes it
     */
    Reply ask(Place place, HttpMethod method, String path, String accept, int alsoFine) {
        Errand errand = place.errand();
        Origin origin = place.origin();
        Call call = new Call(method, origin, place.target(path), accept, null);
        LookupException failure = errand.failed(UnknownCause.UNAUTHORIZED, "could not be asked");
        for (Credential credential : candidates(place)) {
            limits.requireOpen(origin, credential, errand);
            try {
                Reply reply = knock(place, call, credential, errand);
                if (reply.status() == 200 || reply.status() == alsoFine) {
                    admitted.put(Visitor.at(place), credential);
                    admitted.put(Visitor.of(place.pull()), credential);
                    return reply;
                }
                try (reply) {
                    throw reply.status() == 429
                            ? limits.hit(reply, origin, credential, reply.errand())
                            : Statuses.failure(reply);
                }
            } catch (LookupException e) {
                if (!WORTH_ANOTHER_CREDENTIAL.contains(e.why())) {
                    throw e;
                }
                failure = e;
            }
        }
        throw failure;
    }

    /** The one that worked before comes first: an image is several requests. */
    private List<Credential> candidates(Place place) {
        List<Credential> found = credentials
                .find(place.reference(), place.identity(), place.pull().deadline())
                .credentials();
        Credential before = admitted.getIfPresent(Visitor.at(place));
        if (before == null || !found.contains(before)) {
            return found;
        }
        List<Credential> ordered = new ArrayList<>(found);
        ordered.remove(before);
        ordered.add(0, before);
        return ordered;
    }

    private Reply knock(Place place, Call call, Credential credential, Errand errand) {
        Door door = new Door(call.origin(), place.repository(), credential);
        TokenKey known = challenges.getIfPresent(door);
        String token = known == null ? null : token(known, errand);
        Reply reply = route.follow(call.authorized(bearer(token)), errand);
        if (reply.status() != 401 || !reply.origin().equals(call.origin())) {
            return reply;
        }
        Challenge challenge = Challenge.first(Challenge.BEARER, reply.headers("WWW-Authenticate"));
        if (challenge == null) {
            return reply;
        }
        reply.close();
        TokenKey key = tokens.key(challenge, "repository:" + place.repository() + ":pull", credential, errand);
        challenges.put(door, key);
        if (key.equals(known)) {
            tokens.forget(key);
        }
        return route.follow(call.authorized(bearer(token(key, errand))), errand);
    }

    private String token(TokenKey key, Errand errand) {
        String kept = tokens.kept(key);
        return kept == null ? tokens.fetch(key, errand) : kept;
    }

    private static @Nullable String bearer(@Nullable String token) {
        return token == null ? null : "Bearer " + token;
    }
}
