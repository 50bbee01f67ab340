package dev.unroot.e2e.cluster;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what a cluster does in its own time. */
final class Eventually {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Eventually() {}

    /**
     * Asks again until it holds; an exception counts as no.
     *
     * @param what is waited for, for the message
     */
    static void await(String what, Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Throwable last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception | AssertionError notYet) {
                last = notYet;
            }
            Thread.sleep(100);
        } while (System.nanoTime() < end);
        throw new AssertionError("waited in vain for " + what, last);
    }
}
