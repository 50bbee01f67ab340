package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    /** A monotonic clock may start anywhere, and wrap. */
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

    @Test
    void timePassesUntilItIsOver() {
        Deadline deadline = Deadline.in(Duration.ofNanos(10), clock::get);

        assertThat(deadline.remaining()).isEqualTo(Duration.ofNanos(10));
        clock.addAndGet(9);
        assertThat(deadline.isOver()).isFalse();
        clock.addAndGet(1);
        assertThat(deadline.isOver()).isTrue();
        clock.addAndGet(5);
        assertThat(deadline.remaining()).isZero();
    }

    @Test
    void theEarlierOfTwoCounts() {
        Deadline deadline = Deadline.in(Duration.ofNanos(10), clock::get);

        assertThat(deadline.within(Duration.ofNanos(3)).remaining()).isEqualTo(Duration.ofNanos(3));
        assertThat(deadline.within(Duration.ofNanos(30)).remaining()).isEqualTo(Duration.ofNanos(10));
        assertThat(deadline.within(Duration.ZERO).isOver()).isTrue();
    }

    @Test
    void thePastIsOver() {
        assertThat(Deadline.passed().isOver()).isTrue();
    }
}
