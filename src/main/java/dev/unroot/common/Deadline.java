package dev.unroot.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The moment by which an answer must be out. One is made per review, and every wait inherits it. Whoever no longer wants
 * the answer cancels it: it is then over, and those who wait are told at once.
 */
public final class Deadline {
    private final long atNanos;
    private final LongSupplier clock;
    private final Cancellation cancellation;

    private Deadline(long atNanos, LongSupplier clock, Cancellation cancellation) {
        this.atNanos = atNanos;
        this.clock = clock;
        this.cancellation = cancellation;
    }

    public static Deadline in(Duration time) {
        return in(time, System::nanoTime);
    }

    /** @param clock a monotonic clock in nanoseconds; {@code System::nanoTime} outside tests */
    public static Deadline in(Duration time, LongSupplier clock) {
        return new Deadline(clock.getAsLong() + time.toNanos(), clock, new Cancellation());
    }

    /** Already over: only what is known at once may answer. */
    public static Deadline passed() {
        return in(Duration.ZERO);
    }

    /** Never negative. */
    public Duration remaining() {
        return cancellation.done ? Duration.ZERO : Duration.ofNanos(Math.max(0, atNanos - clock.getAsLong()));
    }

    public boolean isOver() {
        return cancellation.done || atNanos - clock.getAsLong() <= 0;
    }

    /** The earlier of this and {@code time} from now; cancelled with this one. */
    public Deadline within(Duration time) {
        long other = clock.getAsLong() + time.toNanos();
        return other - atNanos < 0 ? new Deadline(other, clock, cancellation) : this;
    }

    /** Over now, and whoever waits is told. */
    public void cancel() {
        cancellation.cancel();
    }

    /** Whether it is over because nobody wants the answer. */
    public boolean isCancelled() {
        return cancellation.done;
    }

    /**
     * Has something done where this is cancelled, by whoever cancels; at once where that has happened.
     *
     * @param action must not block
     * @return to be run once the action is no longer of use
     */
    public Runnable onCancel(Runnable action) {
        return cancellation.add(action);
    }

    /** Runs what may block; cancelling interrupts it, and nothing that the thread does afterwards. */
    public void interruptibly(Runnable step) {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runnable forget = onCancel(interruption::interrupt);
        try {
            step.run();
        } finally {
            forget.run();
            interruption.end();
        }
    }

    private static final class Cancellation {
        private volatile boolean done;
        private @Nullable List<Runnable> actions;

        private Runnable add(Runnable action) {
            synchronized (this) {
                if (!done) {
                    if (actions == null) {
                        actions = new ArrayList<>(2);
                    }
                    actions.add(action);
                    return () -> remove(action);
                }
            }
            action.run();
            return () -> {};
        }

        private synchronized void remove(Runnable action) {
            if (actions != null) {
                actions.removeIf(other -> other == action);
            }
        }

        private void cancel() {
            List<Runnable> due;
            synchronized (this) {
                done = true;
                due = actions == null ? List.of() : actions;
                actions = null;
            }
            due.forEach(Runnable::run);
        }
    }

    private static final class Interruption {
        private @Nullable Thread thread;

        private Interruption(Thread thread) {
            this.thread = thread;
        }

        private synchronized void interrupt() {
            if (thread != null) {
                thread.interrupt();
            }
        }

        private synchronized void end() {
            thread = null;
            Thread.interrupted();
        }
    }
}
