package dev.unroot.registry.remote;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;

/** What an answer's status says of the image. */
final class Statuses {
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
        return reply.errand().failed(cause, "answered " + status);
    }

    /** A token service knows no images: whatever it is that it does not find, it is not the one that was named. */
    static LookupException tokenFailure(Reply reply) {
        LookupException failure = failure(reply);
        return failure.why() == UnknownCause.NOT_FOUND
                ? new LookupException(UnknownCause.UNREACHABLE, failure.reason())
                : failure;
    }
}
