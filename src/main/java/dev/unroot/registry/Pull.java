package dev.unroot.registry;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;

/**
 * One reading of one image: which, on whose behalf, until when.
 *
 * @param image whose registry and repository all requests of this reading go to
 * @param granted those that a registry has answered; fills as answers come
 */
public record Pull(ImageReference image, PullIdentity identity, Deadline deadline, GrantedCredentials granted) {
    /** One that begins. */
    public Pull(ImageReference image, PullIdentity identity, Deadline deadline) {
        this(image, identity, deadline, new GrantedCredentials());
    }

    public static Pull of(ImageQuery query, Deadline deadline) {
        return new Pull(query.reference(), query.identity(), deadline);
    }
}
