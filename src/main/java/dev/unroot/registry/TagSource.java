package dev.unroot.registry;

import dev.unroot.model.ImageReference;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.concurrent.CompletionStage;

/** A source whose tags move, and can be asked about without reading what they name. */
public interface TagSource extends ImageSource {
    /**
     * The digest that the pull's image has now. Where the image is named by digest: that one, once the source has said
     * that this pull may read it. Fails as every stage of a source does.
     */
    CompletionStage<Digest> digest(Pull pull);

    /**
     * Whether the last answer for this pull was given to nobody in particular, so that anyone may have it. False where
     * that is not known.
     */
    boolean wasAnonymous(Pull pull);

    /**
     * The identity as far as it makes a difference: two pulls of an image for which this is equal get the same answer.
     * At once, without asking anyone.
     */
    PullIdentity relevant(ImageReference reference, PullIdentity identity);
}
