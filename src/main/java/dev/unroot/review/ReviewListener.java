package dev.unroot.review;

import dev.unroot.model.ImageFacts;

/** Is told what reviews cost and come to; for metrics. Called on any thread, and must not block. */
public interface ReviewListener {
    ReviewListener NONE = new ReviewListener() {};

    /** A container's image was asked for, and this came of it. */
    default void imageAnswered(ImageFacts facts) {}

    /** A container's fields alone decided, and no image was asked for. */
    default void lookupAvoided() {}
}
