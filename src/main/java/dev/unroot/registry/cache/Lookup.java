package dev.unroot.registry.cache;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** One lookup, and how many queries wait for it. Whoever makes it is the first who waits. */
final class Lookup implements LookupQueue.Lookup {
    private final LookupKey wanted;
    private final String namespace;
    private final Deadline deadline;
    private final Function<Lookup, CompletionStage<?>> lookUp;
    private final Consumer<Lookup> turnAway;
    private final CompletableFuture<ImageFacts> landed = new CompletableFuture<>();
    private int waiting = 1;
    private boolean cancelled;

    /**
     * @param namespace whose pods asked first
     * @param lookUp begins it; its stage completes {@link #landed} in any case
     * @param turnAway completes {@link #landed} where it is not to begin
     */
    Lookup(
            LookupKey wanted,
            String namespace,
            Deadline deadline,
            Function<Lookup, CompletionStage<?>> lookUp,
            Consumer<Lookup> turnAway) {
        this.wanted = wanted;
        this.namespace = namespace;
        this.deadline = deadline;
        this.lookUp = lookUp;
        this.turnAway = turnAway;
    }

    LookupKey wanted() {
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
    public String namespace() {
        return namespace;
    }

    @Override
    public void turnAway() {
        turnAway.accept(this);
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
