package dev.unroot.registry.http;

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

    private final HttpSender wire;
    private final RegistryHosts hosts;
    private final TrustZone reach;
    private final RateLimits limits;

    public Redirects(HttpSender wire, RegistryHosts hosts, TrustZone reach, RateLimits limits) {
        this.wire = wire;
        this.hosts = hosts;
        this.reach = reach;
        this.limits = limits;
    }

    /** Gets past the door of whoever a registry redirects to: with what anyone may have, never with a credential. */
    public interface Guest {
        /** Nobody is let in further than the first. */
        Guest NOBODY = (reply, here) -> null;

        /**
         * Asked for a token.
         *
         * @param reply 401 of another than who was asked first; stays the caller's
         * @return an Authorization header's value for it; null where there is none to be had
         */
        @Nullable
        String pass(Response reply, RequestContext here);
    }

    public Response follow(Request first, RequestContext errand) {
        return follow(first, errand, Guest.NOBODY);
    }

    /**
     * @param guest asked once, where somebody else than the first wants to know who asks
     * @return the first answer that is no redirect, or the answer to a form whatever it is; the caller closes it
     * @throws LookupException where no answer comes, and where whoever is to be asked wants to be left alone
     */
    public Response follow(Request first, RequestContext errand, Guest guest) {
        Request call = first;
        RequestContext here = errand;
        boolean introduced = false;
        int redirects = 0;
        while (true) {
            limits.requireOpen(call, here);
            Response reply = wire.send(call, here);
            if (reply.status() == TOO_MANY_REQUESTS) {
                try (reply) {
                    throw limits.hit(reply, call, here);
                }
            }
            if (reply.status() == UNAUTHORIZED && !introduced && !call.origin().equals(first.origin())) {
                String pass = pass(guest, reply, here);
                if (pass == null) {
                    return reply;
                }
                reply.close();
                call = call.authorized(pass);
                introduced = true;
                continue;
            }
            // A form is for whom it was written: it is not carried on.
            if (!REDIRECTS.contains(reply.status()) || call.form() != null) {
                return reply;
            }
            try (reply) {
                if (redirects++ == MOST_REDIRECTS) {
                    throw errand.failed(UnknownCause.MALFORMED, "redirected more than " + MOST_REDIRECTS + " times")
                            .advising(Remedies.REDIRECTS);
                }
                call = redirected(call, reply.header("Location"), here);
            }
            here = errand.atRedirect(call.origin());
        }
    }

    private static @Nullable String pass(Guest guest, Response reply, RequestContext here) {
        try {
            return guest.pass(reply, here);
        } catch (LookupException e) {
            reply.close();
            throw e;
        }
    }

    private Request redirected(Request call, @Nullable String location, RequestContext errand) {
        Address next = location == null ? null : Address.from(call.origin(), call.target(), location);
        if (next == null) {
            throw errand.failed(UnknownCause.MALFORMED, "redirected to what is not an http address")
                    .advising(Remedies.REDIRECTS);
        }
        if (!next.origin().equals(call.origin())) {
            requireSecure(next.origin(), errand.atRedirect(next.origin()));
        }
        return call.redirected(next.origin(), next.target());
    }

    /** Plain http only to a host configured for it, and for oneself to one's own machine. */
    public void requireSecure(Origin origin, RequestContext errand) {
        boolean ownMachine = reach == TrustZone.SELF && isThisMachine(origin.host());
        if (!origin.secure() && !ownMachine && !hosts.of(origin).plainHttp()) {
            throw errand.notAsked(
                    UnknownCause.REFUSED_ADDRESS,
                    "it is plain http, and imageLookup.registries[].plainHttp is not set for that host");
        }
    }

    static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(?:\\.[0-9]{1,3}){3}");
    }
}
