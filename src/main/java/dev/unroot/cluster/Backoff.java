package dev.unroot.cluster;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before asking the API server once more: 0.8 seconds, doubled each time up to 30, and stretched by chance
 * to twice that at most, so that the replicas of a cluster do not ask at the same moment. Begins anew once nothing had to
 * wait for two minutes. Not thread-safe.
 *
 * <p>Source: client-go {@code tools/cache/reflector.go} ({@code defaultBackoffInit} and what follows it).
 */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(800);
    static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration HEALTHY = Duration.ofMinutes(2);

    private final Ticker clock;
    private final DoubleSupplier chance;
    private Duration next = FIRST;
    private long usedAt;

    /** @param chance from 0 to 1 */
    Backoff(Ticker clock, DoubleSupplier chance) {
        this.clock = clock;
        this.chance = chance;
        this.usedAt = clock.read();
    }

    Duration next() {
        long now = clock.read();
        if (now - usedAt > HEALTHY.toNanos()) {
            next = FIRST;
        }
        usedAt = now;
        Duration base = next;
        next = base.multipliedBy(2).compareTo(LONGEST) < 0 ? base.multipliedBy(2) : LONGEST;
        return base.plusNanos((long) (base.toNanos() * chance.getAsDouble()));
    }
}
