package dev.unroot.registry.cache;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** One lookup, and how many queries wait for it. Whoever makes it is the first who waits. */
final class Lookup implements LookupQueue.QueuedLookup {
    private final LookupKey key;
    private final String namespace;
    private final Deadline deadline;
    private final Function<Lookup, CompletionStage<?>> lookUp;
    private final Consumer<Lookup> turnAway;
    private final CompletableFuture<ImageFacts> result = new CompletableFuture<>();
    private int waiting = 1;
    private boolean cancelled;

    /**
     * @param namespace whose pods asked first
     * @param lookUp begins it; its stage completes {@link #result} in any case
     * @param turnAway completes {@link #result} where it is not to begin
     */
    Lookup(
            LookupKey key,
            String namespace,
            Deadline deadline,
            Function<Lookup, CompletionStage<?>> lookUp,
            Consumer<Lookup> turnAway) {
        this.key = key;
        this.namespace = namespace;
        this.deadline = deadline;
        this.lookUp = lookUp;
        this.turnAway = turnAway;
    }

    LookupKey key() {
        return key;
    }

    CompletableFuture<ImageFacts> result() {
        return result;
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
        return key.reference().registry();
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
