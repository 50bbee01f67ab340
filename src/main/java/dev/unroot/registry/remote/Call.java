package dev.unroot.registry.remote;

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
record Call(
        HttpMethod method,
        Origin origin,
        String target,
        String accept,
        @Nullable String authorization,
        @Nullable String form,
        Purpose purpose) {
    Call(
            HttpMethod method,
            Origin origin,
            String target,
            String accept,
            @Nullable String authorization,
            Purpose purpose) {
        this(method, origin, target, accept, authorization, null, purpose);
    }

    Call authorized(@Nullable String value) {
        return new Call(method, origin, target, accept, value, form, purpose);
    }

    /** The same asked elsewhere: whoever is there is told the credentials only where it is the same party. */
    Call redirected(Origin next, String nextTarget) {
        return new Call(method, next, nextTarget, accept, next.equals(origin) ? authorization : null, purpose);
    }

    Call inPlain() {
        return new Call(method, origin.inPlain(), target, accept, authorization, form, purpose);
    }

    @Override
    public String toString() {
        return method + " " + origin;
    }
}
