package dev.unroot.serve;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** Tells how old it may be what answers for the cluster while its API server is away; docs/metrics.md lists it. */
final class ClusterMeters {
    private ClusterMeters() {}

    /** @param age since the API server last said anything about namespaces; cheap */
    static void namespaces(MeterRegistry registry, Supplier<Duration> age) {
        Gauge.builder("unroot.namespaces.age.seconds", () -> age.get().toMillis() / 1000.0)
                .description("Since the API server last said anything about namespaces")
                .register(registry);
    }
}
