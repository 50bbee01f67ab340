package dev.unroot.registry.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens: fetched where a challenge says, kept until shortly before they expire. Source: distribution's token
 * authentication ({@code token.md}).
 */
final class Tokens {
    private static final int MOST_TOKENS = 2_000;
    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final int LONGEST_TOKEN = 12 * 1024;
    /** What the specification has clients assume, and the least that it lets a service grant. */
    private static final int DEFAULT_SECONDS = 60;

    private static final int MOST_SECONDS = 3_600;
    /** Not used in the last moments of its life, which may be over when the request arrives. */
    private static final int MARGIN_SECONDS = 10;

    private final Route route;
    private final RateLimits limits;
    private final ObjectMapper json = new ObjectMapper();
    private final Cache<TokenKey, Token> kept;

    /** A token and the seconds it may be used; never printed. */
    private record Token(String value, int seconds) {
        @Override
        public String toString() {
            return "token";
        }
    }

    Tokens(Route route, RateLimits limits, Ticker ticker) {
        this.route = route;
        this.limits = limits;
        this.kept = Caffeine.newBuilder()
                .maximumSize(MOST_TOKENS)
                .ticker(ticker)
                .expireAfter(Expiry.creating((TokenKey key, Token token) -> Duration.ofSeconds(token.seconds())))
                .build();
    }

    /** Reads a challenge; refuses a realm that is not https, or no address at all. */
    TokenKey key(Challenge challenge, String defaultScope, Credential credential, Errand errand) {
        URI realm;
        Origin origin;
        try {
            realm = URI.create(URI.create(challenge.parameter("realm")).toASCIIString());
            origin = Origin.of(realm);
        } catch (IllegalArgumentException e) {
            throw errand.failed(UnknownCause.MALFORMED, "named a token realm that is not an address");
        }
        if (origin == null) {
            throw errand.failed(UnknownCause.MALFORMED, "named a token realm that is not an http address");
        }
        route.requireSecure(origin, errand.atTokenService(origin));
        String scope = challenge.parameter("scope");
        return new TokenKey(
                realm, origin, challenge.parameter("service"), scope.isEmpty() ? defaultScope : scope, credential);
    }

    @Nullable
    String kept(TokenKey key) {
        Token token = kept.getIfPresent(key);
        return token == null ? null : token.value();
    }

    void forget(TokenKey key) {
        kept.invalidate(key);
    }

    String fetch(TokenKey key, Errand errand) {
        Errand there = errand.atTokenService(key.origin());
        String query = key.service().isEmpty() ? "" : "service=" + encode(key.service()) + "&";
        String base = Route.target(key.realm());
        String target = base + (base.indexOf('?') < 0 ? "?" : "&") + query + "scope=" + encode(key.scope());
        Call call = new Call(HttpMethod.GET, key.origin(), target, "application/json", null);
        limits.requireOpen(key.origin(), key.credential(), there);
        try (Reply reply = route.follow(call, there)) {
            if (reply.status() == 429) {
                throw limits.hit(reply, key.origin(), key.credential(), there);
            }
            if (reply.status() != 200) {
                throw Statuses.tokenFailure(reply);
            }
            Token token = parse(reply.bytes(LARGEST_ANSWER, "a token"), there);
            kept.put(key, token);
            return token.value();
        }
    }

    private Token parse(byte[] bytes, Errand errand) {
        JsonNode answer;
        try {
            answer = json.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw malformed(errand);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot fail to be read", e);
        }
        String value = answer.path("token").asText("");
        if (value.isEmpty()) {
            value = answer.path("access_token").asText("");
        }
        if (!isToken(value)) {
            throw malformed(errand);
        }
        int granted = answer.path("expires_in").asInt(DEFAULT_SECONDS);
        int seconds = Math.min(MOST_SECONDS, Math.max(DEFAULT_SECONDS, granted)) - MARGIN_SECONDS;
        return new Token(value, seconds);
    }

    /** It goes into a header of ours: nothing in it may end that header. */
    private static boolean isToken(String value) {
        return !value.isEmpty()
                && value.length() <= LONGEST_TOKEN
                && value.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private static LookupException malformed(Errand errand) {
        return errand.failed(UnknownCause.MALFORMED, "answered without a token");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
