package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A fault over one image is a doubt about that container, told in a bounded log, and the others are judged. */
class ImageFaultsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Faults faults;

    ImageFaultsTest() {
        Logger logger = new LoggerContext().getLogger("faults");
        logger.addAppender(appender);
        appender.start();
        faults = new Faults(logger, nanos::get);
    }

    private List<String> lines() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static int deep(int depth) {
        return depth < 0 ? 0 : 1 + deep(depth + 1);
    }

    private static Throwable overflow() {
        try {
            return new AssertionError("depth " + deep(0));
        } catch (StackOverflowError overflow) {
            return overflow;
        }
    }

    @Test
    void aStackOverflowIsOneShortLine() {
        ImageFacts.Unknown unknown = faults.unknown("docker.io/library/x:1", new CompletionException(overflow()));

        assertThat(unknown)
                .isEqualTo(new ImageFacts.Unknown(
                        UnknownCause.TOO_LARGE,
                        "reading docker.io/library/x:1 took too much memory or stack within Unroot, which logged why",
                        "Look for the reason in Unroot's log"));
        assertThat(appender.list).singleElement().satisfies(line -> {
            assertThat(line.getThrowableProxy()).isNull();
            assertThat(line.getFormattedMessage())
                    .hasSizeLessThan(2_200)
                    .doesNotContain("\n")
                    .startsWith("reading docker.io/library/x:1 failed: java.lang.StackOverflowError, at ")
                    .contains("dev.unroot.review.ImageFaultsTest.deep:");
        });
    }

    @Test
    void anythingElseIsMalformed() {
        assertThat(faults.unknown("a\nb", new IllegalStateException("no\nway")))
                .isEqualTo(new ImageFacts.Unknown(
                        UnknownCause.MALFORMED,
                        "reading a\\nb failed within Unroot, which logged why",
                        "Look for the reason in Unroot's log"));
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith(
                        "reading a\\nb failed: java.lang.IllegalStateException: no\\nway, at dev.unroot.review.ImageFaultsTest");
    }

    @Test
    void aKindIsLoggedOnceInTenMinutesAndThenWithHowOften() {
        for (int i = 0; i < 1_000; i++) {
            faults.unknown("x", overflow());
        }
        faults.unknown("x", new IllegalStateException());
        assertThat(lines()).hasSize(2);

        nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        faults.unknown("x", overflow());
        assertThat(lines()).hasSize(3);
        assertThat(lines().get(2)).contains(", and 999 more since this was last logged");
    }

    @Test
    void notMoreThanAHundredKindsAreLogged() {
        for (int i = 0; i < 1_000; i++) {
            IllegalStateException fault = new IllegalStateException();
            fault.setStackTrace(new StackTraceElement[] {new StackTraceElement("dev.unroot.Some" + i, "x", null, 1)});
            faults.unknown("x", fault);
        }
        assertThat(lines()).hasSize(100);
        nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        faults.unknown("x", overflow());
        assertThat(lines()).hasSize(101);
    }

    /** Gives up on {@code odd:1} in a way of its own, and finds all others. */
    static List<ImageUsers> faulty() {
        return List.of(
                throwing(new IllegalArgumentException("\"r.invalid:99999\" is not a registry")),
                throwing(new StackOverflowError()),
                throwing(new OutOfMemoryError("Requested array size exceeds VM limit")),
                throwing(new NoClassDefFoundError("x")),
                (query, deadline) -> isOdd(query)
                        ? CompletableFuture.failedFuture(new IllegalStateException("at once"))
                        : CompletableFuture.completedFuture(FakeImages.root()),
                (query, deadline) -> isOdd(query)
                        ? new CompletableFuture<ImageFacts>()
                                .completeOnTimeout(FakeImages.root(), 10, TimeUnit.MILLISECONDS)
                                .thenApply(facts -> {
                                    throw new IllegalStateException("later");
                                })
                        : CompletableFuture.completedFuture(FakeImages.root()),
                (query, deadline) -> isOdd(query) ? null : CompletableFuture.completedFuture(FakeImages.root()));
    }

    private static boolean isOdd(ImageQuery query) {
        return query.reference().repository().equals("library/odd");
    }

    private static ImageUsers throwing(Throwable failure) {
        return (query, deadline) -> {
            if (!isOdd(query)) {
                return CompletableFuture.completedFuture(FakeImages.root());
            }
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        };
    }

    @ParameterizedTest
    @MethodSource("faulty")
    void theOtherContainersAreJudged(ImageUsers images) {
        Reviews reviews = new Reviews().labels("enforce", "nonroot");
        reviews.users = images;

        Decision decision = reviews.start(Reviews.create(Reviews.pod(
                        "{name: a, image: 'x:1', securityContext: {runAsUser: 0}}",
                        "{name: b, image: 'odd:1'}",
                        "{name: c, image: 'root:1'}")))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();

        assertThat(decision.denial())
                .contains("container \"a\" runs as root: spec.containers[0].securityContext.runAsUser is 0")
                .contains("container \"b\" could not be verified: reading odd:1 ")
                .contains("container \"c\" runs as root: image docker.io/library/root:1 sets no USER");
        assertThat(decision.denial().lines()).hasSize(3);
    }
}
