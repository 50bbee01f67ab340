package dev.unroot.webhook;

import dev.unroot.model.Text;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final int LONGEST_TEXT = 40;
    private static final Pattern PART = Pattern.compile("\\G([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");

    /**
     * Reads the parameter; what is shorter or longer than any webhook may have is brought within the bounds.
     *
     * @throws BadRequestException for what is no duration
     */
    static RequestTimeout parse(@Nullable String parameter) throws BadRequestException {
        if (parameter == null) {
            return UNSET;
        }
        double seconds = parameter.length() > LONGEST_TEXT ? Double.NaN : seconds(parameter);
        if (!(seconds > 0)) {
            throw new BadRequestException("The query parameter timeout is " + Text.quote(parameter)
                    + ", which is no time to wait: write it as Go does, for instance timeout=10s or timeout=500ms.");
        }
        double bounded = Math.max(SHORTEST.toSeconds(), Math.min(LONGEST.toSeconds(), seconds));
        return new RequestTimeout(Duration.ofNanos(Math.round(bounded * 1e9)));
    }

    private static double seconds(String text) {
        Matcher part = PART.matcher(text);
        double seconds = 0;
        int end = 0;
        while (part.find()) {
            seconds += Double.parseDouble(part.group(1)) * unit(part.group(2));
            end = part.end();
        }
        return end == 0 || end != text.length() ? Double.NaN : seconds;
    }

    private static double unit(String name) {
        return switch (name) {
            case "ns" -> 1e-9;
            case "ms" -> 1e-3;
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3600;
            default -> 1e-6;
        };
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
