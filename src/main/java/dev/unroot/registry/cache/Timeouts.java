package dev.unroot.registry.cache;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Waits for answers, each only as long as its deadline allows. */
final class Timeouts implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "unroot-lookup-timer");
        thread.setDaemon(true);
        return thread;
    });

    Timeouts() {
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * @param otherwise the answer where the deadline is over first, or cancelled; asked at most once
     * @return completed by whoever completes the answer, by the timer, or by whoever cancels
     */
    CompletableFuture<ImageFacts> within(
            Deadline deadline, CompletableFuture<ImageFacts> answer, Supplier<ImageFacts> otherwise) {
        CompletableFuture<ImageFacts> waited = answer.copy();
        AtomicBoolean gaveUp = new AtomicBoolean();
        Runnable giveUp = () -> {
            if (!waited.isDone() && gaveUp.compareAndSet(false, true)) {
                waited.complete(otherwise.get());
            }
        };
        try {
            ScheduledFuture<?> alarm =
                    timer.schedule(giveUp, deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            Runnable forget = deadline.onCancel(giveUp);
            waited.whenComplete((facts, failure) -> {
                alarm.cancel(false);
                forget.run();
            });
        } catch (RejectedExecutionException closed) {
            giveUp.run();
        }
        return waited;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
