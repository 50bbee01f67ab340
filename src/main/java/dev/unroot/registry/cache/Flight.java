package dev.unroot.registry.cache;

import dev.unroot.model.ImageFacts;
import dev.unroot.review.Deadline;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One lookup, and how many queries wait for it. Whoever makes it is the first who waits. */
final class Flight implements LookupQueue.Lookup {
    private final Wanted wanted;
    private final Deadline deadline;
    private final Function<Flight, CompletionStage<?>> lookUp;
    private final CompletableFuture<ImageFacts> landed = new CompletableFuture<>();
    private int waiting = 1;
    private boolean cancelled;

    /** @param lookUp begins it; its stage completes {@link #landed} in any case */
    Flight(Wanted wanted, Deadline deadline, Function<Flight, CompletionStage<?>> lookUp) {
        this.wanted = wanted;
        this.deadline = deadline;
        this.lookUp = lookUp;
    }

    Wanted wanted() {
        return wanted;
    }

    /** The lookup's own, whatever time those who wait have. */
    Deadline deadline() {
        return deadline;
    }

    CompletableFuture<ImageFacts> landed() {
        return landed;
    }

    /** @return false where it has been cancelled: begin another one */
    synchronized boolean join() {
        if (cancelled) {
            return false;
        }
        waiting++;
        return true;
    }

    synchronized void leave() {
        waiting--;
    }

    @Override
    public String registry() {
        return wanted.reference().registry();
    }

    @Override
    public CompletionStage<?> start() {
        return lookUp.apply(this);
    }

    @Override
    public synchronized boolean isWanted() {
        return waiting > 0;
    }

    @Override
    public boolean cancel() {
        synchronized (this) {
            if (waiting > 0 || cancelled) {
                return false;
            }
            cancelled = true;
        }
        deadline.cancel();
        return true;
    }
}
