package dev.unroot.registry.users;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.documents.Limits;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageUsers;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Answers each query by reading the image anew from local files, on the calling thread. */
public final class SourceImageUsers implements ImageUsers {
    /** Local files count as memory: they are read even when the deadline is over, but not forever. */
    private static final Duration LOCAL_TIME = Duration.ofSeconds(20);

    private final ImageReader reader;
    private final Detail detail;

    public SourceImageUsers(ImageSource source, Limits limits, Detail detail) {
        this.reader = new ImageReader(source, limits);
        this.detail = detail;
    }

    @Override
    public CompletionStage<ImageFacts> find(ImageQuery query, Deadline deadline) {
        Deadline effective = deadline.isOver() ? Deadline.in(LOCAL_TIME) : deadline;
        return reader.read(Pull.of(query, effective), query.platforms(), detail);
    }
}
