package dev.unroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ClusterMetersTest {
    @Test
    void tellTheAgeThatItIsAtEachScrape() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        AtomicReference<Duration> age = new AtomicReference<>(Duration.ofMillis(1500));

        ClusterMeters.namespaces(registry, age::get);

        assertThat(registry.scrape().lines()).contains("unroot_namespaces_age_seconds 1.5");
        age.set(Duration.ofMinutes(1));
        assertThat(registry.scrape().lines()).contains("unroot_namespaces_age_seconds 60.0");
        assertThat(Files.readString(Path.of("docs/metrics.md")))
                .contains("| `unroot_namespaces_age_seconds` | gauge |");
    }
}
