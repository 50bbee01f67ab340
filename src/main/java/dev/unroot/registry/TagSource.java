package dev.unroot.registry;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.documents.Digest;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A source whose tags move, and can be asked about without reading what they name. */
public interface TagSource extends ImageSource {
    /**
     * The digest that the pull's image has now. Where the image is named by digest: that one, once the source has said
     * that this pull may read it. Fails as every stage of a source does.
     */
    CompletionStage<Digest> digest(Pull pull);

    /**
     * The credential that all answers for this pull were given to; {@link CredentialKey#ANYONE} or
     * {@link CredentialKey#OPERATOR} where they are everybody's to have. Null where that is not known, or they were given to
     * several.
     */
    @Nullable
    CredentialKey admitted(Pull pull);

    /**
     * What this identity may show for an image, as it is now. Two identities with equal credentials get the same answer,
     * and an answer that was given to one of them is theirs to have.
     *
     * @return never fails; complete already where memory answered
     */
    CompletionStage<Entitlement> entitlement(ImageReference reference, PullIdentity identity, Deadline deadline);
}
