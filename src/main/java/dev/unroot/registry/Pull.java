package dev.unroot.registry;

import dev.unroot.model.ImageReference;
import dev.unroot.review.Deadline;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;

/**
 * One reading of one image: which, on whose behalf, until when.
 *
 * @param image whose registry and repository all requests of this reading go to
 */
public record Pull(ImageReference image, PullIdentity identity, Deadline deadline) {
    public static Pull of(ImageQuery query, Deadline deadline) {
        return new Pull(query.reference(), query.identity(), deadline);
    }
}
