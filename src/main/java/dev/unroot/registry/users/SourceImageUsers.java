package dev.unroot.registry.users;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.Pull;
import dev.unroot.registry.documents.Limits;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageUsers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Answers each query by reading the image anew. */
public final class SourceImageUsers implements ImageUsers {
    /** Local files count as memory: they are read even when the deadline is over, but not forever. */
    private static final Duration LOCAL_TIME = Duration.ofSeconds(20);

    private final ImageSource source;
    private final ImageReader reader;
    private final Detail detail;

    public SourceImageUsers(ImageSource source, Limits limits, Detail detail) {
        this.source = source;
        this.reader = new ImageReader(source, limits);
        this.detail = detail;
    }

    @Override
    public CompletionStage<ImageFacts> find(ImageQuery query, Deadline deadline) {
        boolean isOver = deadline.isOver();
        if (isOver && !source.isLocal()) {
            return CompletableFuture.completedFuture(timeout(query));
        }
        Deadline effective = isOver ? Deadline.in(LOCAL_TIME) : deadline;
        CompletionStage<ImageFacts> facts = reader.read(Pull.of(query, effective), query.platforms(), detail);
        CompletableFuture<ImageFacts> answer = facts.toCompletableFuture();
        return answer.isDone()
                ? answer
                : answer.copy()
                        .completeOnTimeout(timeout(query), effective.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ImageFacts timeout(ImageQuery query) {
        return new ImageFacts.Unknown(
                UnknownCause.TIMEOUT, query.reference() + " could not be read before the deadline");
    }
}
