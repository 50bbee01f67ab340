package dev.unroot.registry.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Detail;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.ImageReader;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TagSource;
import dev.unroot.review.Deadline;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import dev.unroot.review.ImageUsers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from memory, and asks where it must: once for all who wait for the same, within a time of its own. A query
 * whose deadline comes first gets the last answer or a timeout; the lookup goes on and is remembered.
 *
 * <p>Stages complete on a worker or timer thread: whatever depends on them must not block it.
 */
public final class CachingImageUsers implements ImageUsers, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CachingImageUsers.class);

    private final TagSource source;
    private final ImageReader reader;
    private final Detail detail;
    private final CacheOptions options;
    private final LookupListener listener;
    private final ImageMemory memory;
    private final LookupQueue queue;
    private final ConcurrentMap<Wanted, CompletableFuture<ImageFacts>> flights = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timer;

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
        this.options = options;
        this.listener = listener;
        this.memory = new ImageMemory(options, ticker);
        this.queue = new LookupQueue(options.lookups(), options.lookupsPerRegistry(), options.waiting());
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "unroot-lookup-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** How many images' users are remembered now, more or less. */
    public long remembered() {
        return memory.images();
    }

    @Override
    public CompletionStage<ImageFacts> find(ImageQuery asked, Deadline deadline) {
        Wanted anyones = Wanted.of(asked, List.of());
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
        return until(deadline, anyones, answer);
    }

    private CompletionStage<ImageFacts> find(ImageQuery asked, Entitlement shown, Deadline deadline) {
        Wanted wanted = Wanted.of(asked, shown.credentials());
        ImageFacts remembered = memory.answer(wanted);
        if (remembered != null) {
            listener.answeredFromMemory();
            return CompletableFuture.completedFuture(shown.explain(remembered));
        }
        if (deadline.isOver()) {
            return CompletableFuture.completedFuture(memory.orStale(outOfTime(wanted), wanted));
        }
        CompletableFuture<ImageFacts> flight = flight(wanted, asked.identity());
        return flight.isDone()
                ? CompletableFuture.completedFuture(shown.explain(flight.join()))
                : until(deadline, wanted, flight).thenApply(shown::explain);
    }

    private CompletableFuture<ImageFacts> flight(Wanted wanted, PullIdentity identity) {
        CompletableFuture<ImageFacts> mine = new CompletableFuture<>();
        CompletableFuture<ImageFacts> other = flights.putIfAbsent(wanted, mine);
        if (other != null) {
            return other;
        }
        // Another flight may have landed between the look into memory and the start of this one.
        ImageFacts remembered = memory.answer(wanted);
        if (remembered != null) {
            land(wanted, mine, remembered);
            return mine;
        }
        Deadline own = Deadline.in(options.timeout());
        boolean accepted = queue.offer(
                wanted.reference().registry(),
                () -> lookUp(wanted, new Pull(wanted.reference(), identity, own))
                        .thenAccept(facts -> {
                            listener.lookedUp(outcome(facts));
                            land(wanted, mine, facts);
                        }));
        if (!accepted) {
            ImageFacts.Unknown crowded = unknown(wanted, "was not asked, since too many lookups are waiting,");
            listener.lookedUp(crowded.cause().label());
            land(wanted, mine, memory.orStale(crowded, wanted));
        }
        return mine;
    }

    private void land(Wanted wanted, CompletableFuture<ImageFacts> flight, ImageFacts facts) {
        flights.remove(wanted, flight);
        flight.complete(facts);
    }

    /** Never fails. */
    private CompletionStage<ImageFacts> lookUp(Wanted wanted, Pull pull) {
        if (pull.deadline().isOver()) {
            return CompletableFuture.completedFuture(
                    memory.orStale(unknown(wanted, "was not asked, since others were asked first,"), wanted));
        }
        try {
            return ask(wanted, pull).exceptionally(failure -> fault(wanted, failure));
        } catch (RuntimeException bug) {
            return CompletableFuture.completedFuture(fault(wanted, bug));
        }
    }

    private CompletionStage<ImageFacts> ask(Wanted wanted, Pull pull) {
        String fresh = memory.freshDigest(wanted);
        if (fresh != null) {
            return read(wanted, pull, fresh);
        }
        return canBeConfirmed(wanted)
                ? confirm(wanted, pull)
                : read(wanted, pull, wanted.reference().tagOrDigest());
    }

    /** Whether knowing the digest may be enough: then a HEAD, which registries do not count, saves a GET, which they do. */
    private boolean canBeConfirmed(Wanted wanted) {
        String digest = wanted.reference().digest();
        return memory.lastDigest(wanted) != null || digest != null && memory.known(digest, wanted) != null;
    }

    private CompletionStage<ImageFacts> confirm(Wanted wanted, Pull pull) {
        return source.digest(pull)
                .handle((digest, failure) -> {
                    if (failure != null) {
                        return CompletableFuture.completedFuture(unconfirmed(wanted, failure));
                    }
                    memory.learnDigest(wanted, digest.toString(), source.admitted(pull));
                    ImageFacts.Known known = memory.known(digest.toString(), wanted);
                    return known == null
                            ? read(wanted, pull, digest.toString())
                            : CompletableFuture.completedFuture((ImageFacts) known.as(ImageMemory.confidence(wanted)));
                })
                .thenCompose(facts -> facts);
    }

    private ImageFacts unconfirmed(Wanted wanted, Throwable failure) {
        ImageFacts.Unknown unknown = lookupFailure(failure).toFacts();
        memory.learnFailure(wanted, unknown);
        return memory.orStale(unknown, wanted);
    }

    /** What is read is not replaced by an older answer where it fails: the tag is known to have moved. */
    private CompletionStage<ImageFacts> read(Wanted wanted, Pull pull, String tagOrDigest) {
        return reader.read(pull, tagOrDigest, wanted.platforms(), detail).thenApply(facts -> {
            if (facts instanceof ImageFacts.Known known) {
                memory.learnDigest(wanted, known.digest(), source.admitted(pull));
                memory.learnUsers(wanted, known);
            } else if (facts instanceof ImageFacts.Unknown unknown) {
                memory.learnFailure(wanted, unknown);
            }
            return facts;
        });
    }

    private CompletableFuture<ImageFacts> until(
            Deadline deadline, Wanted wanted, CompletableFuture<ImageFacts> flight) {
        CompletableFuture<ImageFacts> answer = flight.copy();
        Runnable giveUp = () -> answer.complete(memory.orStale(outOfTime(wanted), wanted));
        try {
            ScheduledFuture<?> alarm =
                    timer.schedule(giveUp, deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            answer.whenComplete((facts, failure) -> alarm.cancel(false));
        } catch (RejectedExecutionException closed) {
            giveUp.run();
        }
        return answer;
    }

    private static ImageFacts.Unknown outOfTime(Wanted wanted) {
        return unknown(wanted, "did not answer in time");
    }

    private static ImageFacts.Unknown unknown(Wanted wanted, String what) {
        ImageReference reference = wanted.reference();
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

    /** A bug of ours: whoever waits is told that nothing is known, and the log why. */
    private static ImageFacts fault(Wanted wanted, Throwable failure) {
        log.error("reading {} failed", wanted.reference(), failure);
        return new ImageFacts.Unknown(
                UnknownCause.MALFORMED, "reading " + wanted.reference() + " failed within Unroot, which logged why");
    }

    private static String outcome(ImageFacts facts) {
        if (facts instanceof ImageFacts.Known known) {
            return known.confidence() == Confidence.STALE ? "stale" : "known";
        }
        return ((ImageFacts.Unknown) facts).cause().label();
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
