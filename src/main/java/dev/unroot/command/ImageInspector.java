package dev.unroot.command;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Reads images for {@code image}. Used by several threads. */
public interface ImageInspector extends AutoCloseable {
    /**
     * The users of an image.
     *
     * @param platforms the ones to read; empty for all that it offers
     * @return never fails for a registry's sake, and completes within the deadline
     */
    CompletionStage<ImageFacts> inspect(ImageReference reference, List<Platform> platforms, Deadline deadline);

    /**
     * What every image that there is can be asked for by, a reference or {@code @digest}; empty where that cannot be told, as of
     * registries.
     */
    List<String> all();

    @Override
    void close();
}
