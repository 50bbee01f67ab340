package dev.unroot.registry.remote;

import dev.unroot.model.ImageReference;
import dev.unroot.model.Text;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.review.Deadline;
import java.time.Duration;

/**
 * What is wanted, by when, and who is being asked: all that a failure's reason needs. A reason holds nothing that a
 * registry said, save host names it sent us to, escaped.
 *
 * @param asked whom we turned to: {@code registry ghcr.io}, {@code mirror mirror.example of registry ghcr.io}
 * @param party the same, or the token service or host that it sent us to
 */
record Errand(ImageReference reference, Deadline deadline, String asked, String party) {
    static Errand of(ImageReference reference, Deadline deadline) {
        return of(reference, deadline, "registry " + reference.registry());
    }

    static Errand of(Place place) {
        ImageReference reference = place.pull().image();
        Deadline deadline = place.pull().deadline();
        Endpoint endpoint = place.endpoint();
        return endpoint.isMirror()
                ? of(reference, deadline, "mirror " + endpoint.name() + " of registry " + reference.registry())
                : of(reference, deadline);
    }

    private static Errand of(ImageReference reference, Deadline deadline, String asked) {
        return new Errand(reference, deadline, asked, asked);
    }

    Errand atTokenService(Origin origin) {
        return new Errand(
                reference, deadline, asked, "token service " + Text.plain(origin.authority()) + " of " + asked);
    }

    Errand atRedirect(Origin origin) {
        return new Errand(
                reference,
                deadline,
                asked,
                "host " + Text.plain(origin.authority()) + ", where " + asked + " redirected,");
    }

    /** {@code registry ghcr.io answered 401 for ghcr.io/team/job:3}. */
    LookupException failed(UnknownCause cause, String what) {
        return new LookupException(cause, party + " " + what + " for " + reference);
    }

    /** {@code registry registry.example was not asked for registry.example/app:1: it is at a private address}. */
    LookupException notAsked(UnknownCause cause, String why) {
        return new LookupException(cause, party + " was not asked for " + reference + ": " + why);
    }

    LookupException timedOut() {
        return failed(UnknownCause.TIMEOUT, "did not answer in time");
    }

    /** Never zero: a wait of zero would mean for ever to some of those who wait. */
    Duration remaining() {
        if (deadline.isOver()) {
            throw timedOut();
        }
        return deadline.remaining();
    }

    long remainingMillis() {
        return Math.max(1, remaining().toMillis());
    }
}
