package dev.unroot.registry.remote;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Remedies;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects, at most five, as blobs redirect to object storage. Each hop is a host of its own: its address is
 * checked, it is https unless that host is configured otherwise, and it is told no credential of another's.
 */
final class Route {
    private static final int MOST_REDIRECTS = 5;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Wire wire;
    private final Hosts hosts;
    private final Reach reach;
    private final RateLimits limits;

    Route(Wire wire, Hosts hosts, Reach reach, RateLimits limits) {
        this.wire = wire;
        this.hosts = hosts;
        this.reach = reach;
        this.limits = limits;
    }

    /** Gets past the door of whoever a registry redirects to: with what anyone may have, never with a credential. */
    interface Guest {
        /** Nobody is let in further than the first. */
        Guest NOBODY = (reply, here) -> null;

        /**
         * Asked for a token.
         *
         * @param reply 401 of another than who was asked first; stays the caller's
         * @return an Authorization header's value for it; null where there is none to be had
         */
        @Nullable
        String pass(Reply reply, Errand here);
    }

    Reply follow(Call first, Errand errand) {
        return follow(first, errand, Guest.NOBODY);
    }

    /**
     * @param guest asked once, where somebody else than the first wants to know who asks
     * @return the first answer that is no redirect, or the answer to a form whatever it is; the caller closes it
     * @throws LookupException where no answer comes, and where whoever is to be asked wants to be left alone
     */
    Reply follow(Call first, Errand errand, Guest guest) {
        Call call = first;
        Errand here = errand;
        boolean introduced = false;
        int redirects = 0;
        while (true) {
            limits.requireOpen(call, here);
            Reply reply = wire.send(call, here);
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

    private static @Nullable String pass(Guest guest, Reply reply, Errand here) {
        try {
            return guest.pass(reply, here);
        } catch (LookupException e) {
            reply.close();
            throw e;
        }
    }

    private Call redirected(Call call, @Nullable String location, Errand errand) {
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
    void requireSecure(Origin origin, Errand errand) {
        boolean ownMachine = reach == Reach.SELF && isThisMachine(origin.host());
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
