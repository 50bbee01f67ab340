package dev.unroot.registry.cache;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.registry.Pull;
import dev.unroot.review.Faults;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The lookups under way: one for all who want the same. */
final class Lookups {
    private final CacheOptions options;
    private final BiFunction<LookupKey, Pull, CompletionStage<ImageFacts>> lookUp;
    private final Function<LookupKey, ImageFacts> turnAway;
    private final LookupQueue queue;
    private final ConcurrentMap<LookupKey, Lookup> byKey = new ConcurrentHashMap<>();

    /**
     * @param turnAway what to say where there is no room in line
     */
    Lookups(
            CacheOptions options,
            BiFunction<LookupKey, Pull, CompletionStage<ImageFacts>> lookUp,
            Function<LookupKey, ImageFacts> turnAway) {
        this.options = options;
        this.lookUp = lookUp;
        this.turnAway = turnAway;
        this.queue = new LookupQueue(options.lookups(), options.lookupsPerRegistry(), options.waiting());
    }

    /** Waits with the others, or as the first. Whoever stops waiting before it has ended has to {@link #leave} it. */
    Lookup join(LookupKey key, PullIdentity identity) {
        Deadline own = Deadline.in(options.timeout());
        Pull pull = new Pull(key.reference(), identity, own);
        Lookup mine = new Lookup(
                key,
                identity.namespace() == null ? "" : identity.namespace(),
                own,
                lookup -> run(lookup, pull),
                lookup -> complete(lookup, turnAway.apply(key)));
        while (true) {
            Lookup other = byKey.putIfAbsent(key, mine);
            if (other == null) {
                own.onCancel(() -> byKey.remove(key, mine));
                queue.offer(mine);
                return mine;
            }
            if (other.join()) {
                return other;
            }
            byKey.remove(key, other);
        }
    }

    /** Ends whatever happens: one that did not would keep its place, and have all who ask for the same wait for it. */
    private CompletionStage<?> run(Lookup lookup, Pull pull) {
        try {
            return lookUp.apply(lookup.key(), pull).handle((facts, fault) -> {
                complete(
                        lookup,
                        fault == null
                                ? facts
                                : Faults.LOGGED.unknown(lookup.key().reference(), fault));
                return facts;
            });
        } catch (Throwable fault) {
            complete(lookup, Faults.LOGGED.unknown(lookup.key().reference(), fault));
            return CompletableFuture.completedFuture(null);
        }
    }

    private void complete(Lookup lookup, ImageFacts facts) {
        byKey.remove(lookup.key(), lookup);
        lookup.result().complete(facts);
    }

    /**
     * One fewer waits for it. One whose time is over may come back for the answer, so the lookup goes on within its own
     * time, though it gives way where its place is needed.
     *
     * @param cancelled nobody will come back: where nobody else waits, the lookup ends
     */
    void leave(Lookup lookup, boolean cancelled) {
        lookup.leave();
        if (lookup.isWanted()) {
            return;
        }
        queue.abandoned(lookup);
        if (cancelled) {
            lookup.cancel();
        }
    }
}
