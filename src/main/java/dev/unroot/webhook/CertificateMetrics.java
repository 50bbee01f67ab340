package dev.unroot.webhook;

import dev.unroot.certificate.CertificateListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** What is told of the certificate; not a number until it is known. Thread-safe. */
final class CertificateMetrics implements CertificateListener {
    private volatile double expiry = Double.NaN;
    private volatile double matches = Double.NaN;
    private volatile Supplier<Duration> age = () -> null;

    CertificateMetrics(MeterRegistry registry) {
        Gauge.builder("unroot.certificate.expiry.timestamp.seconds", () -> expiry)
                .description("When the certificate that is served stops being good, in Unix time")
                .register(registry);
        Gauge.builder("unroot.ca.bundle.matches", () -> matches)
                .description("1 where the caBundle, as last read, verifies the certificate that is served, else 0")
                .register(registry);
        Gauge.builder("unroot.ca.bundle.age.seconds", this::ageSeconds)
                .description("Since the caBundle was last read from the API server")
                .register(registry);
    }

    private double ageSeconds() {
        Duration known = age.get();
        return known == null ? Double.NaN : known.toMillis() / 1000.0;
    }

    @Override
    public void caBundleAge(Supplier<Duration> source) {
        age = source;
    }

    @Override
    public void served(Instant notAfter) {
        expiry = notAfter.getEpochSecond();
    }

    @Override
    public void verified(boolean itDoes) {
        matches = itDoes ? 1 : 0;
    }
}
