package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {
    private static final Duration PAUSE = Duration.ofMillis(1);

    @Test
    void runsAgainAfterWhatItThrows() throws InterruptedException {
        CountDownLatch handled = new CountDownLatch(3);
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (PeriodicTask task = new PeriodicTask("unroot-test", Duration.ZERO, PAUSE, () -> {
            Thread current = Thread.currentThread();
            thread.set(current);
            current.setUncaughtExceptionHandler((where, what) -> handled.countDown());
            throw new IllegalStateException("a fault");
        })) {
            assertThat(handled.await(1, TimeUnit.MINUTES))
                    .as("%s ran again", task)
                    .isTrue();
        }
        assertThat(thread.get().isDaemon()).isTrue();
        assertThat(thread.get().getName()).isEqualTo("unroot-test-1");
    }

    @Test
    void closingInterruptsTheRunOnItsWay() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        PeriodicTask task = new PeriodicTask("unroot-test", Duration.ZERO, PAUSE, () -> {
            begun.countDown();
            try {
                Thread.sleep(Duration.ofMinutes(5).toMillis());
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();
        task.close();
        assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
    }
}
