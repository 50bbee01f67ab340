package dev.unroot.webhook;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes the cold start upon itself: before the replica is ready, some thirty reviews go through a {@link Rehearsal}, so
 * that the first one of an API server meets loaded classes and compiled code. With {@code timeoutSeconds: 1} a busy node
 * leaves no time for both.
 *
 * <p>It never keeps a replica away: where it fails, or is not done after {@link #LONGEST}, the replica is ready without it
 * and the log says why.
 */
public final class WarmUp implements AutoCloseable {
    /** From its start to being ready, whatever has become of it. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final String CONDITION = "warm-up";

    /** What is done before the replica is ready. */
    interface Work {
        /**
         * Does it, until it is done or time is up.
         *
         * @return how many requests were answered
         */
        int run(Duration longest) throws Exception;
    }

    private final Work work;
    private final Duration longest;
    private final long begun = System.nanoTime();
    private final Thread thread = new Thread(this::run, "unroot-warm-up");
    private volatile boolean over;

    private WarmUp(Work work, Duration longest) {
        this.work = work;
        this.longest = longest;
        thread.setDaemon(true);
    }

    /** Begins, and returns at once; to be called before anybody can ask whether the replica is ready. */
    public static WarmUp start(Readiness readiness) {
        return start(readiness, Rehearsal::run, LONGEST);
    }

    static WarmUp start(Readiness readiness, Work work, Duration longest) {
        WarmUp warmUp = new WarmUp(work, longest);
        readiness.require(CONDITION, warmUp::missing);
        warmUp.thread.start();
        return warmUp;
    }

    /** By the clock as well: not even a thread that hangs keeps the replica away. */
    private @Nullable String missing() {
        return over || isLate() ? null : "still answering requests of its own";
    }

    private void run() {
        try {
            int answered = work.run(longest);
            boolean late = isLate();
            LOG.atLevel(late ? Level.WARN : Level.INFO)
                    .addKeyValue("requests", answered)
                    .addKeyValue("milliseconds", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun))
                    .log(late ? "the time to warm up was too short: the first requests may take longer" : "warmed up");
        } catch (InterruptedException e) {
            LOG.debug("told to stop");
        } catch (Exception | LinkageError e) {
            LOG.warn("could not warm up: ready all the same, but the first requests may take longer", e);
        } finally {
            over = true;
        }
    }

    private boolean isLate() {
        return System.nanoTime() - begun >= longest.toNanos();
    }

    /** Ends it where it is. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
