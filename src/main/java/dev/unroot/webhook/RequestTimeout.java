package dev.unroot.webhook;

import dev.unroot.common.Durations;
import dev.unroot.common.Text;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the API server waits for an answer: {@code ?timeout=10s}, a Go duration.
 *
 * <p>Source: Kubernetes {@code admission/plugin/webhook/validating/dispatcher.go} (the parameter) and Go's
 * {@code time.ParseDuration} (its form). {@code timeoutSeconds} is 1 to 30 and 10 where unset.
 *
 * @param total from the request's first byte to the API server's giving up; 1 to 30 seconds
 */
record RequestTimeout(Duration total) {
    static final RequestTimeout UNSET = new RequestTimeout(Duration.ofSeconds(10));

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration SMALLEST_MARGIN = Duration.ofMillis(200);

    /**
     * Reads the parameter; what is shorter or longer than any webhook may have is brought within the bounds.
     *
     * @throws BadRequestException for what is no duration
     */
    static RequestTimeout parse(@Nullable String parameter) throws BadRequestException {
        if (parameter == null) {
            return UNSET;
        }
        Duration written = duration(parameter);
        if (written.isZero()) {
            throw noTime(parameter);
        }
        Duration atLeast = written.compareTo(SHORTEST) < 0 ? SHORTEST : written;
        return new RequestTimeout(atLeast.compareTo(LONGEST) > 0 ? LONGEST : atLeast);
    }

    private static Duration duration(String parameter) throws BadRequestException {
        try {
            return Durations.parse(parameter);
        } catch (IllegalArgumentException e) {
            throw noTime(parameter);
        }
    }

    private static BadRequestException noTime(String parameter) {
        return new BadRequestException("The query parameter timeout is " + Text.quote(parameter)
                + ", which is no time to wait: write it as Go does, for instance timeout=10s or timeout=500ms.");
    }

    /** Taken off the total so that an answer is still in time after its way back. */
    private Duration margin() {
        Duration tenth = total.dividedBy(10);
        return tenth.compareTo(SMALLEST_MARGIN) > 0 ? tenth : SMALLEST_MARGIN;
    }

    /** By when a review should be done. */
    Duration forReview() {
        return total.minus(margin());
    }

    /** When to stop waiting for a review that is late, still early enough to say so. */
    Duration forAnswer() {
        return total.minus(margin().dividedBy(2));
    }
}
