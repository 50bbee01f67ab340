package dev.unroot.review;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import java.util.concurrent.CompletionStage;

/** Port: reads the users of images. */
public interface ImageUsers {
    /**
     * Answers from memory at once where it can; otherwise asks, until the deadline. With a deadline that is over, only
     * memory answers.
     *
     * @return never fails: what went wrong is an {@link ImageFacts.Unknown}. Complete already where memory answered
     */
    CompletionStage<ImageFacts> find(ImageQuery query, Deadline deadline);
}
