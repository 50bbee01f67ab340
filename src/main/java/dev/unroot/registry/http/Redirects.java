package dev.unroot.registry.http;

import dev.unroot.common.HostAndPort;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Remedies;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RegistryHosts;
import dev.unroot.registry.place.RequestContext;
import dev.unroot.registry.place.TrustZone;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects, at most five, as blobs redirect to object storage. Each hop is a host of its own: its address is
 * checked, it is https unless that host is configured otherwise, and it is told no credential of another's.
 */
public final class Redirects {
    private static final int MOST_REDIRECTS = 5;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpSender sender;
    private final RegistryHosts hosts;
    private final TrustZone trustZone;
    private final RateLimits limits;

    public Redirects(HttpSender sender, RegistryHosts hosts, TrustZone trustZone, RateLimits limits) {
        this.sender = sender;
        this.hosts = hosts;
        this.trustZone = trustZone;
        this.limits = limits;
    }

    /** Answers the challenge of whoever a registry redirects to: with what anyone may have, never with a credential. */
    public interface ChallengeHandler {
        /** No challenge is answered. */
        ChallengeHandler NONE = (response, here) -> null;

        /**
         * Asked for a token.
         *
         * @param response 401 of another than who was asked first; stays the caller's
         * @return an Authorization header's value for it; null where there is none to be had
         */
        @Nullable
        String authorization(Response response, RequestContext here);

        /** What it gave was of no use. */
        default void refused() {}
    }

    public Response follow(Request first, RequestContext context) {
        return follow(first, context, ChallengeHandler.NONE);
    }

    /**
     * @param handler asked once, where somebody else than the first answers 401
     * @return the first answer that is no redirect, or the answer to a form whatever it is; the caller closes it
     * @throws LookupException where no answer comes, and where whoever is to be asked wants to be left alone
     */
    public Response follow(Request first, RequestContext context, ChallengeHandler handler) {
        Request request = first;
        RequestContext here = context;
        boolean authorized = false;
        int redirects = 0;
        while (true) {
            limits.requireOpen(request, here);
            Response response = sender.send(request, here);
            if (response.status() == UNAUTHORIZED && authorized) {
                handler.refused();
            }
            if (response.status() == TOO_MANY_REQUESTS) {
                try (response) {
                    throw limits.hit(response, request, here);
                }
            }
            if (response.status() == UNAUTHORIZED
                    && !authorized
                    && !request.origin().equals(first.origin())) {
                String authorization = authorization(handler, response, here);
                if (authorization == null) {
                    return response;
                }
                response.close();
                request = request.authorized(authorization);
                authorized = true;
                continue;
            }
            // A form is for whom it was written: it is not carried on.
            if (!REDIRECTS.contains(response.status()) || request.form() != null) {
                return response;
            }
            try (response) {
                if (redirects++ == MOST_REDIRECTS) {
                    throw context.failed(UnknownCause.MALFORMED, "redirected more than " + MOST_REDIRECTS + " times")
                            .advising(Remedies.REDIRECTS);
                }
                request = redirected(request, response.header("Location"), here);
            }
            here = context.atRedirect(request.origin());
        }
    }

    private static @Nullable String authorization(ChallengeHandler handler, Response response, RequestContext here) {
        try {
            return handler.authorization(response, here);
        } catch (LookupException e) {
            response.close();
            throw e;
        }
    }

    private Request redirected(Request request, @Nullable String location, RequestContext context) {
        Url next = location == null ? null : Url.from(request.origin(), request.target(), location);
        if (next == null) {
            throw context.failed(UnknownCause.MALFORMED, "redirected to what is not an http address")
                    .advising(Remedies.REDIRECTS);
        }
        if (!next.origin().equals(request.origin())) {
            requireSecure(next.origin(), context.atRedirect(next.origin()));
        }
        return request.redirected(next.origin(), next.target());
    }

    /** Plain http only to a host configured for it, and for oneself to one's own machine. */
    public void requireSecure(Origin origin, RequestContext context) {
        boolean ownMachine = trustZone == TrustZone.TRUSTED && HostAndPort.isLoopback(origin.host());
        if (!origin.secure() && !ownMachine && !hosts.of(origin).plainHttp()) {
            throw context.notAsked(
                    UnknownCause.REFUSED_ADDRESS,
                    "it is plain http, and imageLookup.registries[].plainHttp is not set for that host");
        }
    }
}
