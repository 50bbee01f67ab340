package dev.unroot;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what programs and clusters do in their own time. */
public final class Eventually {
    /** Far longer than anything takes, also where many others want the machine: only a test that fails waits for it. */
    public static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final long PAUSE_MILLISECONDS = 100;

    private Eventually() {}

    /**
     * Asks again until it holds; an exception counts as no.
     *
     * @param what is waited for, for the message
     */
    public static void await(String what, Callable<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Throwable last = null;
        do {
            try {
                if (condition.call()) {
                    return;
                }
            } catch (InterruptedException stopped) {
                throw stopped;
            } catch (Exception | AssertionError notYet) {
                last = notYet;
            }
            Thread.sleep(PAUSE_MILLISECONDS);
        } while (System.nanoTime() - end < 0);
        throw new AssertionError("waited in vain for " + what, last);
    }

    /** The same for what fails until then. */
    public static void passes(String what, Assertion assertion) throws InterruptedException {
        await(what, () -> {
            assertion.check();
            return true;
        });
    }

    /** Throws while something does not hold. */
    @FunctionalInterface
    public interface Assertion {
        void check() throws Exception;
    }
}
