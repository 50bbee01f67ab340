package dev.unroot.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** From here until it is closed, cancelling interrupts this thread, and nothing that the thread does afterwards. */
    public Interruption interruptingThisThread() {
        return new Interruption(Thread.currentThread(), this);
    }

    /**
     * Waits for an answer, as the next two do for theirs: the one way in which a thread waits by a deadline.
     *
     * @throws TimeoutException where none comes in time; {@link Interrupted} where this thread was told to stop
     * @throws ExecutionException with what there is in place of an answer
     */
    public <T> T await(Future<T> answer) throws TimeoutException, ExecutionException {
        try {
            return answer.get(remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new Interrupted();
        }
    }

    /** Waits for the next in a queue; once it is over nothing more is taken, however fast others fill the queue. */
    public <T> T take(BlockingQueue<T> queue) throws TimeoutException {
        T next;
        try {
            next = queue.poll(remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw new Interrupted();
        }
        if (next == null || isOver()) {
            throw new TimeoutException();
        }
        return next;
    }

    /** Waits for a permit. */
    public void acquire(Semaphore permits) throws TimeoutException {
        try {
            if (!permits.tryAcquire(remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException();
            }
        } catch (InterruptedException e) {
            throw new Interrupted();
        }
    }

    /** Whoever waits for this thread's work does not any more. The thread stays interrupted, so that it waits for nothing else. */
    public static final class Interrupted extends TimeoutException {
        private static final long serialVersionUID = 1L;

        private Interrupted() {
            Thread.currentThread().interrupt();
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

    /** The time in which cancelling interrupts a thread. */
    public static final class Interruption implements AutoCloseable {
        private final Runnable forget;
        private @Nullable Thread thread;

        private Interruption(Thread thread, Deadline by) {
            this.thread = thread;
            this.forget = by.onCancel(this::interrupt);
        }

        private synchronized void interrupt() {
            if (thread != null) {
                thread.interrupt();
            }
        }

        @Override
        public void close() {
            forget.run();
            synchronized (this) {
                thread = null;
                Thread.interrupted();
            }
        }
    }
}
