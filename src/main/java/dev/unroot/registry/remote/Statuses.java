package dev.unroot.registry.remote;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import java.util.Set;

/** What an answer's status says of the image. */
final class Statuses {
    /**
     * Of a registry that cannot answer now; any other status is its answer. Sources: RFC 5861, section 4; 408 of RFC 9110 is
     * such an error too, and 520 to 530 are what Cloudflare says of a server that it does not reach.
     */
    private static final Set<Integer> OUTAGES =
            Set.of(408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530);

    private Statuses() {}

    static LookupException failure(Reply reply) {
        int status = reply.status();
        UnknownCause cause =
                switch (status) {
                    case 401, 403 -> UnknownCause.UNAUTHORIZED;
                    case 404, 410 -> UnknownCause.NOT_FOUND;
                    case 408, 504 -> UnknownCause.TIMEOUT;
                    default -> UnknownCause.UNREACHABLE;
                };
        LookupException failure = reply.errand().failed(cause, "answered " + status);
        return OUTAGES.contains(status) ? failure : failure.answered();
    }

    /** A token service knows no images: whatever it is that it does not find, it is not the one that was named. */
    static LookupException tokenFailure(Reply reply) {
        LookupException failure = failure(reply);
        return failure.why() == UnknownCause.NOT_FOUND
                ? new LookupException(UnknownCause.UNREACHABLE, failure.reason()).answered()
                : failure;
    }
}
