package dev.unroot.registry.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TagSource;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.Faults;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageUsers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Answers from memory, and asks where it must: once for all who wait for the same, within a time of its own. A query
 * whose deadline comes first gets the last answer or a timeout; the lookup goes on and is remembered, unless its place is
 * needed. Where the last query that waits for it is cancelled, so is the lookup.
 *
 * <p>Stages complete on a worker or timer thread: whatever depends on them must not block it.
 */
public final class CachingImageUsers implements ImageUsers, AutoCloseable {
    private final TagSource source;
    private final ImageReader reader;
    private final Detail detail;
    private final LookupListener listener;
    private final ImageMemory memory;
    private final Lookups lookups;
    private final Timeouts timeouts = new Timeouts();

    public CachingImageUsers(
            TagSource source,
            ImageReader reader,
            Detail detail,
            CacheOptions options,
            Ticker ticker,
            LookupListener listener) {
        this.source = source;
        this.reader = reader;
        this.detail = detail;
        this.listener = listener;
        this.memory = new ImageMemory(options, ticker);
        this.lookups = new Lookups(options, this::lookUp, this::turnAway);
    }

    /** How many images' users are remembered now, more or less. */
    public long remembered() {
        return memory.images();
    }

    @Override
    public CompletionStage<ImageFacts> find(ImageQuery asked, Deadline deadline) {
        LookupKey anyones = LookupKey.of(asked, List.of());
        ImageFacts remembered = memory.freshAnswer(anyones);
        if (remembered != null) {
            listener.answeredFromMemory();
            return CompletableFuture.completedFuture(remembered);
        }
        CompletableFuture<Entitlement> entitlement = source.entitlement(asked.reference(), asked.identity(), deadline)
                .toCompletableFuture();
        if (entitlement.isDone()) {
            return find(asked, entitlement.join(), deadline);
        }
        CompletableFuture<ImageFacts> answer = entitlement
                .thenCompose(shown -> find(asked, shown, deadline))
                .exceptionally(failure -> fault(anyones, failure));
        return timeouts.within(deadline, answer, () -> outOfTime(anyones));
    }

    private CompletionStage<ImageFacts> find(ImageQuery asked, Entitlement shown, Deadline deadline) {
        LookupKey key = LookupKey.of(asked, shown.credentials());
        ImageFacts remembered = memory.answer(key);
        if (remembered != null) {
            listener.answeredFromMemory();
            return CompletableFuture.completedFuture(shown.explain(remembered));
        }
        if (deadline.isOver()) {
            return CompletableFuture.completedFuture(outOfTime(key));
        }
        Lookup lookup = lookups.join(key, asked.identity());
        CompletableFuture<ImageFacts> result = lookup.result();
        return result.isDone()
                ? CompletableFuture.completedFuture(shown.explain(result.join()))
                : timeouts.within(deadline, result, () -> leave(lookup, deadline))
                        .thenApply(shown::explain);
    }

    private ImageFacts leave(Lookup lookup, Deadline deadline) {
        lookups.leave(lookup, deadline.isCancelled());
        return outOfTime(lookup.key());
    }

    /** Never fails. */
    private CompletionStage<ImageFacts> lookUp(LookupKey key, Pull pull) {
        return begin(key, pull).thenApply(facts -> {
            listener.lookedUp(outcome(facts));
            return facts;
        });
    }

    private CompletionStage<ImageFacts> begin(LookupKey key, Pull pull) {
        // Another lookup may have ended between the look into memory and the start of this one.
        ImageFacts remembered = memory.answer(key);
        if (remembered != null) {
            return CompletableFuture.completedFuture(remembered);
        }
        if (pull.deadline().isOver()) {
            return CompletableFuture.completedFuture(
                    memory.orStale(unknown(key, "was not asked, since others were asked first,"), key));
        }
        try {
            return ask(key, pull).exceptionally(failure -> fault(key, failure));
        } catch (Throwable bug) {
            return CompletableFuture.completedFuture(fault(key, bug));
        }
    }

    private ImageFacts turnAway(LookupKey key) {
        ImageFacts.Unknown crowded = unknown(key, "was not asked, since too many lookups are waiting,");
        listener.lookedUp(crowded.cause().label());
        return memory.orStale(crowded, key);
    }

    private CompletionStage<ImageFacts> ask(LookupKey key, Pull pull) {
        String fresh = memory.freshDigest(key);
        if (fresh != null) {
            return read(key, pull, fresh);
        }
        return canBeConfirmed(key)
                ? confirm(key, pull)
                : read(key, pull, key.reference().tagOrDigest());
    }

    /** Whether knowing the digest may be enough: then a HEAD, which registries do not count, saves a GET, which they do. */
    private boolean canBeConfirmed(LookupKey key) {
        String digest = key.reference().digest();
        return memory.lastDigest(key) != null || digest != null && memory.mayBeKnown(digest, key);
    }

    private CompletionStage<ImageFacts> confirm(LookupKey key, Pull pull) {
        return source.digest(pull)
                .handle((answer, failure) -> {
                    if (failure != null) {
                        return CompletableFuture.completedFuture(unconfirmed(key, pull, failure));
                    }
                    String digest = answer.value().toString();
                    CredentialKey credential = answer.credential();
                    memory.learnDigest(key, digest, credential);
                    ImageFacts.Known known = credential == null ? null : memory.known(digest, key, credential);
                    // HEAD is believed where it says that nothing has changed; of what has, GET tells.
                    return known == null
                            ? read(key, pull, key.reference().tagOrDigest())
                            : CompletableFuture.completedFuture((ImageFacts) known.as(ImageMemory.confidence(key)));
                })
                .thenCompose(facts -> facts);
    }

    private ImageFacts unconfirmed(LookupKey key, Pull pull, Throwable failure) {
        LookupException lookup = lookupFailure(failure);
        learnFailure(key, pull, lookup.toFacts(), lookup.isAnswer());
        return lookup.isAnswer() ? lookup.toFacts() : memory.orStale(lookup.toFacts(), key);
    }

    /** That we gave up says nothing of the registry. */
    private void learnFailure(LookupKey key, Pull pull, ImageFacts.Unknown failure, boolean answered) {
        if (!pull.deadline().isCancelled()) {
            memory.learnFailure(key, failure, answered);
        }
    }

    /** What is read is not replaced by an older answer where it fails: the tag is known to have moved. */
    private CompletionStage<ImageFacts> read(LookupKey key, Pull pull, String tagOrDigest) {
        return reader.read(pull, tagOrDigest, key.platforms(), detail).thenApply(answer -> {
            CredentialKey credential = answer.credential();
            if (answer.value() instanceof ImageFacts.Known known) {
                if (tagOrDigest.equals(key.reference().tagOrDigest())) {
                    memory.learnDigest(key, known.digest(), credential);
                } else {
                    memory.shareDigest(key, known.digest(), credential);
                }
                memory.learnUsers(key, known, credential);
            } else if (answer.value() instanceof ImageFacts.Unknown unknown) {
                learnFailure(key, pull, unknown, false);
            }
            return answer.value();
        });
    }

    private ImageFacts outOfTime(LookupKey key) {
        return memory.orStale(unknown(key, "did not answer in time"), key);
    }

    private static ImageFacts.Unknown unknown(LookupKey key, String what) {
        ImageReference reference = key.reference();
        return new ImageFacts.Unknown(
                UnknownCause.TIMEOUT, "registry " + reference.registry() + " " + what + " for " + reference);
    }

    private static LookupException lookupFailure(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof LookupException lookup) {
            return lookup;
        }
        throw failure instanceof RuntimeException bug ? bug : new CompletionException(failure);
    }

    /** A bug of ours: whoever waits is told that nothing is known, and the log why. Not remembered: it may pass. */
    private static ImageFacts fault(LookupKey key, Throwable failure) {
        return Faults.LOGGED.unknown(key.reference(), failure);
    }

    private static String outcome(ImageFacts facts) {
        if (facts instanceof ImageFacts.Known known) {
            return known.confidence() == Confidence.STALE ? "stale" : "known";
        }
        return ((ImageFacts.Unknown) facts).cause().label();
    }

    @Override
    public void close() {
        timeouts.close();
    }
}
