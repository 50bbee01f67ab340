package dev.unroot.webhook;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Each event loop leaves a mark every second; one that does not is stuck, and all its connections with it. Thread-safe. */
final class EventLoopHeartbeats {
    private static final int PAUSE_MILLISECONDS = 1000;

    private final LongSupplier nanoTime;
    private final Duration longest;
    private final List<AtomicLong> marks = new CopyOnWriteArrayList<>();

    /** @param longest without a mark, after which a loop counts as stuck */
    EventLoopHeartbeats(LongSupplier nanoTime, Duration longest) {
        this.nanoTime = nanoTime;
        this.longest = longest;
    }

    /** To be called on the event loop that is to be listened to. */
    void start(Vertx vertx) {
        AtomicLong mark = new AtomicLong(nanoTime.getAsLong());
        marks.add(mark);
        vertx.setPeriodic(PAUSE_MILLISECONDS, timer -> mark.set(nanoTime.getAsLong()));
    }

    /** What is wrong, a sentence; null where every loop turns. */
    @Nullable
    String problem() {
        long now = nanoTime.getAsLong();
        long stuck = marks.stream()
                .filter(mark -> now - mark.get() > longest.toNanos())
                .count();
        return stuck == 0
                ? null
                : stuck + " of " + marks.size() + " event loops has not turned for " + longest.toSeconds() + " s.";
    }
}
