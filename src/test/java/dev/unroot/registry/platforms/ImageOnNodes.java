package dev.unroot.registry.platforms;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.registry.MemorySource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
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
