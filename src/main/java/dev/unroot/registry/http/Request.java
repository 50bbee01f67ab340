package dev.unroot.registry.http;

import dev.unroot.registry.place.Origin;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param target path and query
 * @param accept value of the Accept header; empty for none
 * @param authorization value of that header; a secret, so this record does not print it
 * @param form an urlencoded form to send; may hold secrets too. Null for none
 * @param purpose what for, and on whose behalf: what a limit is for
 */
public record Request(
        HttpMethod method,
        Origin origin,
        String target,
        String accept,
        @Nullable String authorization,
        @Nullable String form,
        Purpose purpose) {
    public Request(
            HttpMethod method,
            Origin origin,
            String target,
            String accept,
            @Nullable String authorization,
            Purpose purpose) {
        this(method, origin, target, accept, authorization, null, purpose);
    }

    public Request authorized(@Nullable String value) {
        return new Request(method, origin, target, accept, value, form, purpose);
    }

    /** The same asked elsewhere: whoever is there is told the credentials only where it is the same party. */
    public Request redirected(Origin next, String nextTarget) {
        return new Request(method, next, nextTarget, accept, next.equals(origin) ? authorization : null, purpose);
    }

    Request inPlain() {
        return new Request(method, origin.inPlain(), target, accept, authorization, form, purpose);
    }

    @Override
    public String toString() {
        return method + " " + origin;
    }
}
