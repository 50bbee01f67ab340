package dev.unroot.common;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs a task again and again, on one daemon thread of its own, with a pause between the end of one run and the start of
 * the next. What the task throws goes to the thread's handler of uncaught exceptions, and the task is run again all the
 * same: a plain scheduled task that throws once is silently never run again.
 */
public final class PeriodicTask implements AutoCloseable {
    private final ScheduledThreadPoolExecutor thread;

    /**
     * Begins, and returns at once.
     *
     * @param name the thread's, for thread dumps; a number is added
     * @param delay before the first run
     */
    public PeriodicTask(String name, Duration delay, Duration pause, Runnable task) {
        thread = new ScheduledThreadPoolExecutor(1, Threads.factory(name));
        Future<?> unused =
                thread.scheduleWithFixedDelay(() -> run(task), delay.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error fault) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, fault);
        }
    }

    /** No run begins any more; one that is on its way ends by itself. */
    public void stop() {
        thread.shutdown();
    }

    /** As {@link #stop}, and interrupts the run that is on its way. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
