package dev.unroot.registry.users;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.Platform;
import dev.unroot.registry.Answer;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.documents.Limits;
import dev.unroot.review.Faults;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads who an image runs as, for each platform asked for, from whatever source holds its bytes. Keeps nothing. */
public final class ImageReader {
    private final ImageSource source;
    private final Limits limits;

    public ImageReader(ImageSource source, Limits limits) {
        this.source = source;
        this.limits = limits;
    }

    /**
     * Reads what the pull's image names, its digest or else its tag.
     *
     * @param platforms empty: all that the image offers
     * @return never fails: whatever an image or a registry can do is {@link ImageFacts.Unknown}. What is known is a
     *     property of the digest alone: a failure that may pass never becomes part of it
     */
    public CompletionStage<ImageFacts> read(Pull pull, List<Platform> platforms, Detail detail) {
        return read(pull, pull.image().tagOrDigest(), platforms, detail).thenApply(Answer::value);
    }

    /** The same for a tag or digest of the image's repository; the confidence is still the image's. */
    public CompletionStage<Answer<ImageFacts>> read(
            Pull pull, String tagOrDigest, List<Platform> platforms, Detail detail) {
        CompletionStage<ImageFacts> facts;
        try {
            facts = new ImageReading(source, limits, pull, detail).read(tagOrDigest, platforms);
        } catch (Throwable failure) {
            facts = CompletableFuture.completedFuture(unknown(pull, failure));
        }
        return facts.exceptionally(failure -> unknown(pull, failure)).thenApply(read -> Answer.of(pull, read));
    }

    /** Also of what an image's bytes make of our own code, a stack overflow for one. */
    private static ImageFacts unknown(Pull pull, Throwable failure) {
        LookupException lookup = LookupException.in(failure);
        return lookup == null ? Faults.LOGGED.unknown(pull.image(), failure) : lookup.toFacts();
    }
}
