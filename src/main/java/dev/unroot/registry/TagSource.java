package dev.unroot.registry;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.documents.Digest;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.concurrent.CompletionStage;

/** A source whose tags move, and can be asked about without reading what they name. */
public interface TagSource extends ImageSource {
    /**
     * The digest that the pull's image has now. Where the image is named by digest: that one, once the source has said
     * that this pull may read it. Fails as every stage of a source does.
     */
    CompletionStage<Answer<Digest>> digest(Pull pull);

    /**
     * What this identity may show for an image, as it is now. Two identities with equal credentials get the same answer,
     * and an answer that was given to one of them is theirs to have.
     *
     * @return never fails; complete already where memory answered
     */
    CompletionStage<Entitlement> entitlement(ImageReference reference, PullIdentity identity, Deadline deadline);
}
