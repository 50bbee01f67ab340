package dev.unroot.serve;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what became of changes to the configuration file; docs/metrics.md lists it. */
final class ReloadMeters {
    private final Counter applied;
    private final Counter refused;
    private final Clock clock;
    private final AtomicLong lastSuccess;
    private volatile boolean current = true;

    /** Made when the configuration that the process starts with is in force. */
    ReloadMeters(MeterRegistry registry, Clock clock) {
        this.clock = clock;
        this.lastSuccess = new AtomicLong(clock.instant().getEpochSecond());
        this.applied = counter(registry, "applied");
        this.refused = counter(registry, "refused");
        Gauge.builder("unroot.config.last.success.timestamp.seconds", lastSuccess, AtomicLong::get)
                .description("When the configuration in force was read, in seconds since 1970")
                .register(registry);
        Gauge.builder("unroot.config.current", this, meters -> meters.current ? 1 : 0)
                .description("1 where the configuration file is the one in force, 0 where it was refused")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String result) {
        return Counter.builder("unroot.config.reload")
                .description("Changes of the configuration file, by what became of them")
                .tag("result", result)
                .register(registry);
    }

    void applied() {
        applied.increment();
        inForce();
        lastSuccess.set(clock.instant().getEpochSecond());
    }

    void refused() {
        refused.increment();
        current = false;
    }

    /** The file is again what is in force. */
    void inForce() {
        current = true;
    }
}
