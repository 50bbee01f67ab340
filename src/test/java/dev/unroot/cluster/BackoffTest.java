package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final AtomicLong now = new AtomicLong();

    @Test
    void doublesFromLessThanASecondToHalfAMinute() {
        Backoff backoff = new Backoff(now::get, () -> 0);

        assertThat(next(backoff, 8)).containsExactly(800L, 1600L, 3200L, 6400L, 12800L, 25600L, 30000L, 30000L);
    }

    @Test
    void chanceMakesItUpToTwiceAsLong() {
        Backoff backoff = new Backoff(now::get, () -> 0.5);

        assertThat(next(backoff, 3)).containsExactly(1200L, 2400L, 4800L);
        assertThat(next(new Backoff(now::get, () -> 1), 7).get(6)).isEqualTo(60000L);
    }

    @Test
    void beginsAnewWhereNothingHadToWaitForTwoMinutes() {
        Backoff backoff = new Backoff(now::get, () -> 0);
        next(backoff, 6);

        now.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(next(backoff, 1)).containsExactly(30000L);
        now.addAndGet(Duration.ofMinutes(2).toNanos() + 1);
        assertThat(next(backoff, 2)).containsExactly(800L, 1600L);
    }

    private static List<Long> next(Backoff backoff, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> backoff.next().toMillis())
                .toList();
    }
}
