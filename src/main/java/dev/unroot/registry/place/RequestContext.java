package dev.unroot.registry.place;

import dev.unroot.common.Deadline;
import dev.unroot.common.Text;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;

/**
 * What is wanted, by when, and who is being asked: all that a failure's reason needs. A reason holds nothing that a
 * registry said, save host names it sent us to, escaped.
 *
 * @param asked whom we turned to: {@code registry ghcr.io}, {@code mirror mirror.example of registry ghcr.io}
 * @param party the same, or the token service or host that it sent us to
 */
public record RequestContext(ImageReference reference, Deadline deadline, String asked, String party) {
    public static RequestContext of(ImageReference reference, Deadline deadline) {
        return of(reference, deadline, "registry " + reference.registry());
    }

    public static RequestContext of(Repository repository) {
        ImageReference reference = repository.pull().image();
        Deadline deadline = repository.pull().deadline();
        Endpoint endpoint = repository.endpoint();
        return endpoint.isMirror()
                ? of(reference, deadline, "mirror " + endpoint.name() + " of registry " + reference.registry())
                : of(reference, deadline);
    }

    private static RequestContext of(ImageReference reference, Deadline deadline, String asked) {
        return new RequestContext(reference, deadline, asked, asked);
    }

    public RequestContext atTokenService(Origin origin) {
        return new RequestContext(
                reference, deadline, asked, "token service " + Text.plain(origin.authority()) + " of " + asked);
    }

    public RequestContext atRedirect(Origin origin) {
        return new RequestContext(
                reference,
                deadline,
                asked,
                "host " + Text.plain(origin.authority()) + ", where " + asked + " redirected,");
    }

    /** {@code registry ghcr.io answered 401 for ghcr.io/team/job:3}. */
    public LookupException failed(UnknownCause cause, String what) {
        return new LookupException(cause, party + " " + what + " for " + reference);
    }

    /** {@code registry registry.example was not asked for registry.example/app:1: it is at a private address}. */
    public LookupException notAsked(UnknownCause cause, String why) {
        return new LookupException(cause, party + " was not asked for " + reference + ": " + why);
    }

    public LookupException timedOut() {
        return failed(UnknownCause.TIMEOUT, "did not answer in time");
    }

    /** Never zero: a wait of zero would mean for ever to some of those who wait. */
    public long remainingMillis() {
        if (deadline.isOver()) {
            throw timedOut();
        }
        return Math.max(1, deadline.remaining().toMillis());
    }
}
