package dev.unroot.registry.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Detail;
import dev.unroot.registry.ImageReader;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.TagSource;
import dev.unroot.review.Deadline;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageUsers;
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
    private final ConcurrentMap<ImageQuery, CompletableFuture<ImageFacts>> flights = new ConcurrentHashMap<>();
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

    @Override
    public CompletionStage<ImageFacts> find(ImageQuery asked, Deadline deadline) {
        ImageQuery query = new ImageQuery(
                asked.reference(), asked.platforms(), source.relevant(asked.reference(), asked.identity()));
        ImageFacts remembered = memory.answer(query);
        if (remembered != null) {
            listener.answeredFromMemory();
            return CompletableFuture.completedFuture(remembered);
        }
        if (deadline.isOver()) {
            return CompletableFuture.completedFuture(memory.orStale(outOfTime(query), query));
        }
        CompletableFuture<ImageFacts> flight = flight(query);
        return flight.isDone() ? flight.copy() : until(deadline, query, flight);
    }

    private CompletableFuture<ImageFacts> flight(ImageQuery query) {
        CompletableFuture<ImageFacts> mine = new CompletableFuture<>();
        CompletableFuture<ImageFacts> other = flights.putIfAbsent(query, mine);
        if (other != null) {
            return other;
        }
        // Another flight may have landed between the look into memory and the start of this one.
        ImageFacts remembered = memory.answer(query);
        if (remembered != null) {
            land(query, mine, remembered);
            return mine;
        }
        Deadline own = Deadline.in(options.timeout());
        boolean accepted = queue.offer(
                query.reference().registry(),
                () -> lookUp(query, own).thenAccept(facts -> {
                    listener.lookedUp(outcome(facts));
                    land(query, mine, facts);
                }));
        if (!accepted) {
            ImageFacts.Unknown crowded = unknown(query, "was not asked, since too many lookups are waiting,");
            listener.lookedUp(crowded.cause().label());
            land(query, mine, memory.orStale(crowded, query));
        }
        return mine;
    }

    private void land(ImageQuery query, CompletableFuture<ImageFacts> flight, ImageFacts facts) {
        flights.remove(query, flight);
        flight.complete(facts);
    }

    /** Never fails. */
    private CompletionStage<ImageFacts> lookUp(ImageQuery query, Deadline own) {
        if (own.isOver()) {
            return CompletableFuture.completedFuture(
                    memory.orStale(unknown(query, "was not asked, since others were asked first,"), query));
        }
        try {
            return ask(query, Pull.of(query, own)).exceptionally(failure -> fault(query, failure));
        } catch (RuntimeException bug) {
            return CompletableFuture.completedFuture(fault(query, bug));
        }
    }

    private CompletionStage<ImageFacts> ask(ImageQuery query, Pull pull) {
        String fresh = memory.freshDigest(query);
        if (fresh != null) {
            return read(query, pull, fresh);
        }
        return canBeConfirmed(query)
                ? confirm(query, pull)
                : read(query, pull, query.reference().tagOrDigest());
    }

    /** Whether knowing the digest may be enough: then a HEAD, which registries do not count, saves a GET, which they do. */
    private boolean canBeConfirmed(ImageQuery query) {
        String digest = query.reference().digest();
        return memory.lastDigest(query) != null || digest != null && memory.known(digest, query) != null;
    }

    private CompletionStage<ImageFacts> confirm(ImageQuery query, Pull pull) {
        return source.digest(pull)
                .handle((digest, failure) -> {
                    if (failure != null) {
                        return CompletableFuture.completedFuture(unconfirmed(query, failure));
                    }
                    memory.learnDigest(query, digest.toString(), source.wasAnonymous(pull));
                    ImageFacts.Known known = memory.known(digest.toString(), query);
                    return known == null
                            ? read(query, pull, digest.toString())
                            : CompletableFuture.completedFuture((ImageFacts) known.as(ImageMemory.confidence(query)));
                })
                .thenCompose(facts -> facts);
    }

    private ImageFacts unconfirmed(ImageQuery query, Throwable failure) {
        ImageFacts.Unknown unknown = lookupFailure(failure).toFacts();
        memory.learnFailure(query, unknown);
        return memory.orStale(unknown, query);
    }

    /** What is read is not replaced by an older answer where it fails: the tag is known to have moved. */
    private CompletionStage<ImageFacts> read(ImageQuery query, Pull pull, String tagOrDigest) {
        return reader.read(pull, tagOrDigest, query.platforms(), detail).thenApply(facts -> {
            if (facts instanceof ImageFacts.Known known) {
                memory.learnDigest(query, known.digest(), source.wasAnonymous(pull));
                memory.learnUsers(query, known);
            } else if (facts instanceof ImageFacts.Unknown unknown) {
                memory.learnFailure(query, unknown);
            }
            return facts;
        });
    }

    private CompletionStage<ImageFacts> until(
            Deadline deadline, ImageQuery query, CompletableFuture<ImageFacts> flight) {
        CompletableFuture<ImageFacts> answer = flight.copy();
        Runnable giveUp = () -> answer.complete(memory.orStale(outOfTime(query), query));
        try {
            ScheduledFuture<?> alarm =
                    timer.schedule(giveUp, deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            answer.whenComplete((facts, failure) -> alarm.cancel(false));
        } catch (RejectedExecutionException closed) {
            giveUp.run();
        }
        return answer;
    }

    private static ImageFacts.Unknown outOfTime(ImageQuery query) {
        return unknown(query, "did not answer in time");
    }

    private static ImageFacts.Unknown unknown(ImageQuery query, String what) {
        ImageReference reference = query.reference();
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
    private static ImageFacts fault(ImageQuery query, Throwable failure) {
        log.error("reading {} failed", query.reference(), failure);
        return new ImageFacts.Unknown(
                UnknownCause.MALFORMED, "reading " + query.reference() + " failed within Unroot, which logged why");
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
