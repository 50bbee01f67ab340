package dev.unroot.registry.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Remedies;
import dev.unroot.registry.access.TokenCache.Token;
import dev.unroot.registry.credentials.AuthConfig;
import dev.unroot.registry.credentials.Credential;
import dev.unroot.registry.http.Purpose;
import dev.unroot.registry.http.Redirects;
import dev.unroot.registry.http.Request;
import dev.unroot.registry.http.Response;
import dev.unroot.registry.http.Statuses;
import dev.unroot.registry.http.Url;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RequestContext;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Bearer tokens: fetched where a challenge says, kept until shortly before they expire. Sources: distribution's token
 * authentication ({@code token.md}, {@code oauth.md}).
 *
 * <p>A password is shown as Docker shows it, by GET with Basic authentication, and by POST to a service that has no GET; an
 * identity token by POST alone.
 */
public final class Tokens {
    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final int LONGEST_TOKEN = 12 * 1024;
    /** What the specification has clients assume, and the least that it lets a service grant. */
    private static final int DEFAULT_SECONDS = 60;

    private static final int MOST_SECONDS = 3_600;
    /** Not used in the last moments of its life, which may be over when the request arrives. */
    private static final int MARGIN_SECONDS = 10;

    private static final String CLIENT = "unroot";
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final Redirects redirects;
    private final TokenServices services;
    private final ObjectMapper json = new ObjectMapper();
    private final TokenCache kept;

    public Tokens(Redirects redirects, TokenServices services, Ticker ticker) {
        this.redirects = redirects;
        this.services = services;
        this.kept = new TokenCache(ticker);
    }

    /**
     * Reads a challenge; refuses a realm that is not https, no address at all, or not to be shown this credential.
     *
     * @param registry who challenged
     */
    TokenKey key(
            Challenge challenge, Origin registry, String defaultScope, Credential credential, RequestContext context) {
        Url realm = Url.of(challenge.parameter("realm"));
        if (realm == null) {
            throw context.failed(UnknownCause.MALFORMED, "named a token realm that is not an http address")
                    .advising(Remedies.TOKEN_SERVICE);
        }
        Origin origin = realm.origin();
        redirects.requireSecure(origin, context.atTokenService(origin));
        if (!credential.isAnonymous() && !services.mayKnow(registry, origin)) {
            throw context.atTokenService(origin)
                    .notAsked(
                            UnknownCause.UNAUTHORIZED,
                            "credentials are shown to another host only where imageLookup.registries[].tokenServices"
                                    + " of host " + TokenServices.name(registry) + " names it");
        }
        String scope = challenge.parameter("scope");
        return new TokenKey(
                registry, realm, challenge.parameter("service"), scope.isEmpty() ? defaultScope : scope, credential);
    }

    @Nullable
    String kept(TokenKey key) {
        return kept.get(key);
    }

    void forget(TokenKey key) {
        kept.forget(key);
    }

    String fetch(TokenKey key, RequestContext context) {
        RequestContext there = context.atTokenService(key.origin());
        try (Response response = ask(key, there)) {
            if (response.status() != 200) {
                throw Statuses.tokenFailure(response);
            }
            Token token = parse(response.bytes(LARGEST_ANSWER, "a token"), there);
            kept.put(key, token);
            return token.value();
        }
    }

    private Response ask(TokenKey key, RequestContext there) {
        AuthConfig authConfig = key.credential().authConfig();
        if (authConfig instanceof AuthConfig.IdentityToken identity) {
            return post(key, "grant_type=refresh_token&refresh_token=" + encode(identity.token()), there);
        }
        Response response = get(key, authConfig.basic(), there);
        boolean hasNoGet = response.status() == NOT_FOUND || response.status() == METHOD_NOT_ALLOWED;
        if (!hasNoGet || !(authConfig instanceof AuthConfig.Password password)) {
            return response;
        }
        response.close();
        String grant = "grant_type=password&username=" + encode(password.username()) + "&password="
                + encode(password.password());
        return post(key, grant, there);
    }

    private Response get(TokenKey key, @Nullable String authorization, RequestContext there) {
        String query = key.service().isEmpty() ? "" : "service=" + encode(key.service()) + "&";
        String base = key.realm().target();
        String target = base + (base.indexOf('?') < 0 ? "?" : "&") + query + "scope=" + encode(key.scope());
        return redirects.follow(
                new Request(HttpMethod.GET, key.origin(), target, "application/json", authorization, purpose(key)),
                there);
    }

    private Response post(TokenKey key, String grant, RequestContext there) {
        String form =
                grant + "&service=" + encode(key.service()) + "&scope=" + encode(key.scope()) + "&client_id=" + CLIENT;
        String target = key.realm().target();
        return redirects.follow(
                new Request(HttpMethod.POST, key.origin(), target, "application/json", null, form, purpose(key)),
                there);
    }

    private static Purpose purpose(TokenKey key) {
        return new Purpose(Purpose.Step.TOKEN, key.credential());
    }

    private Token parse(byte[] bytes, RequestContext context) {
        JsonNode answer;
        try {
            answer = json.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw malformed(context);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot fail to be read", e);
        }
        String value = answer.path("token").asText("");
        if (value.isEmpty()) {
            value = answer.path("access_token").asText("");
        }
        if (!isToken(value)) {
            throw malformed(context);
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

    private static LookupException malformed(RequestContext context) {
        return context.failed(UnknownCause.MALFORMED, "answered without a token")
                .advising(Remedies.TOKEN_SERVICE);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
