package dev.unroot.review;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment by which an answer must be out. One is made per review, and every wait inherits it.
 *
 * @param atNanos on the clock
 * @param clock a monotonic clock in nanoseconds; {@code System::nanoTime} outside tests
 */
public record Deadline(long atNanos, LongSupplier clock) {
    public static Deadline in(Duration time) {
        return in(time, System::nanoTime);
    }

    public static Deadline in(Duration time, LongSupplier clock) {
        return new Deadline(clock.getAsLong() + time.toNanos(), clock);
    }

    /** Already over: only what is known at once may answer. */
    public static Deadline passed() {
        return in(Duration.ZERO);
    }

    /** Never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, atNanos - clock.getAsLong()));
    }

    public boolean isOver() {
        return atNanos - clock.getAsLong() <= 0;
    }

    /** The earlier of this and {@code time} from now. */
    public Deadline within(Duration time) {
        Deadline other = in(time, clock);
        return other.atNanos - atNanos < 0 ? other : this;
    }
}
