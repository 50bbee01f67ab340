package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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

    @Test
    void cancellingEndsItAndAllThatWereMadeOfIt() {
        Deadline deadline = Deadline.in(Duration.ofHours(1));
        Deadline part = deadline.within(Duration.ofMinutes(1));
        AtomicInteger told = new AtomicInteger();
        part.onCancel(told::incrementAndGet);
        Runnable forget = deadline.onCancel(told::incrementAndGet);
        forget.run();

        deadline.cancel();
        deadline.cancel();
        assertThat(told).hasValue(1);
        assertThat(part.isOver()).isTrue();
        assertThat(part.isCancelled()).isTrue();
        assertThat(part.remaining()).isZero();
        part.onCancel(told::incrementAndGet);
        assertThat(told).hasValue(2);
    }

    @Test
    void cancellingInterruptsAStepAndNothingAfterIt() throws Exception {
        Deadline deadline = Deadline.in(Duration.ofHours(1));
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> afterwards = new CompletableFuture<>();
        Thread worker = new Thread(() -> {
            try (Deadline.Interruption interruptible = deadline.interruptingThisThread()) {
                begun.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupted) {
                afterwards.complete(Thread.currentThread().isInterrupted());
            }
        });
        worker.start();
        begun.await();
        deadline.cancel();
        assertThat(afterwards.get(30, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void waitsForWhatIsThereAndNoLongerThanItLasts() throws Exception {
        for (Deadline deadline : List.of(Deadline.passed(), Deadline.in(Duration.ofHours(1)))) {
            assertThat(deadline.await(CompletableFuture.completedFuture("answer")))
                    .isEqualTo("answer");
            deadline.acquire(new Semaphore(1));
        }
        assertThat(Deadline.in(Duration.ofHours(1)).take(new LinkedBlockingQueue<>(List.of("next"))))
                .isEqualTo("next");
        assertThatThrownBy(() -> Deadline.passed().take(new LinkedBlockingQueue<>(List.of("next"))))
                .isExactlyInstanceOf(TimeoutException.class);
        for (Waiting waiting : WAITS) {
            assertThatThrownBy(() -> waiting.by(Deadline.passed())).isExactlyInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void whoeverWaitsIsToldThatItIsCancelledAndStaysInterruptedUntilItHasEnded() throws Exception {
        for (Waiting waiting : WAITS) {
            Deadline deadline = Deadline.in(Duration.ofHours(1));
            CompletableFuture<String> told = new CompletableFuture<>();
            Thread worker = new Thread(() -> {
                String how = "waited to its end";
                try (Deadline.Interruption interruptible = deadline.interruptingThisThread()) {
                    try {
                        waiting.by(deadline);
                    } catch (Exception e) {
                        how = e.getClass().getSimpleName() + " "
                                + Thread.currentThread().isInterrupted();
                    }
                }
                told.complete(how + " " + Thread.currentThread().isInterrupted());
            });
            worker.start();
            Eventually.await("a wait", () -> worker.getState() == Thread.State.TIMED_WAITING);
            deadline.cancel();
            assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo("Interrupted true false");
        }
    }

    private interface Waiting {
        void by(Deadline deadline) throws Exception;
    }

    private static final List<Waiting> WAITS = List.of(
            deadline -> deadline.await(new CompletableFuture<>()),
            deadline -> deadline.take(new LinkedBlockingQueue<>()),
            deadline -> deadline.acquire(new Semaphore(0)));
}
