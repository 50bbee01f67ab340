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
    private final ConcurrentMap<LookupKey, Lookup> byWanted = new ConcurrentHashMap<>();

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

    /** Waits with the others, or as the first. Whoever stops waiting before it has landed has to {@link #leave} it. */
    Lookup join(LookupKey wanted, PullIdentity identity) {
        Deadline own = Deadline.in(options.timeout());
        Pull pull = new Pull(wanted.reference(), identity, own);
        Lookup mine = new Lookup(
                wanted,
                identity.namespace() == null ? "" : identity.namespace(),
                own,
                flight -> fly(flight, pull),
                flight -> land(flight, turnAway.apply(wanted)));
        while (true) {
            Lookup other = byWanted.putIfAbsent(wanted, mine);
            if (other == null) {
                own.onCancel(() -> byWanted.remove(wanted, mine));
                queue.offer(mine);
                return mine;
            }
            if (other.join()) {
                return other;
            }
            byWanted.remove(wanted, other);
        }
    }

    /** Lands whatever happens: one that did not would keep its place, and have all who ask for the same wait for it. */
    private CompletionStage<?> fly(Lookup flight, Pull pull) {
        try {
            return lookUp.apply(flight.wanted(), pull).handle((facts, fault) -> {
                land(
                        flight,
                        fault == null
                                ? facts
                                : Faults.LOGGED.unknown(flight.wanted().reference(), fault));
                return facts;
            });
        } catch (Throwable fault) {
            land(flight, Faults.LOGGED.unknown(flight.wanted().reference(), fault));
            return CompletableFuture.completedFuture(null);
        }
    }

    private void land(Lookup flight, ImageFacts facts) {
        byWanted.remove(flight.wanted(), flight);
        flight.landed().complete(facts);
    }

    /**
     * One fewer waits for it. One whose time is over may come back for the answer, so the lookup goes on within its own
     * time, though it gives way where its place is needed.
     *
     * @param cancelled nobody will come back: where nobody else waits, the lookup ends
     */
    void leave(Lookup flight, boolean cancelled) {
        flight.leave();
        if (flight.isWanted()) {
            return;
        }
        queue.abandoned(flight);
        if (cancelled) {
            flight.cancel();
        }
    }
}
