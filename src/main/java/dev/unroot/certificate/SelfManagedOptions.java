package dev.unroot.certificate;

import java.time.Duration;

/**
 * A certificate that Unroot looks after itself.
 *
 * @param secret where it is kept, in the Service's namespace
 * @param service what it is for
 * @param webhookConfiguration whose {@code caBundle} is to trust it
 */
public record SelfManagedOptions(String secret, ServiceName service, String webhookConfiguration, Lifetimes lifetimes) {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_SETTLING = Duration.ofSeconds(30);

    /** Between two looks at Secret and {@code caBundle}. */
    Duration pause() {
        return least(LONGEST_PAUSE, lifetimes.server().dividedBy(40));
    }

    /** What API servers are given to hear of a new {@code caBundle} before something signed by its new CA is shown. */
    Duration settling() {
        return least(LONGEST_SETTLING, lifetimes.server().dividedBy(10));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
