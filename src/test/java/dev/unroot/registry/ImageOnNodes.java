package dev.unroot.registry;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.review.Deadline;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.time.Duration;
import java.util.List;

/** Reads images of a test as they would be read from a registry. */
public final class ImageOnNodes {
    private ImageOnNodes() {}

    public static ImageFacts read(TestImages images, String name, List<Platform> nodes) {
        Pull pull = new Pull(ImageReference.parse(name), PullIdentity.NONE, Deadline.in(Duration.ofMinutes(5)));
        return new ImageReader(new MemorySource(images), Limits.DEFAULT)
                .read(pull, nodes, Detail.USER)
                .toCompletableFuture()
                .join();
    }
}
