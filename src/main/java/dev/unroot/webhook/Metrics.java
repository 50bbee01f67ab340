package dev.unroot.webhook;

import dev.unroot.certificate.CertificateListener;
import dev.unroot.model.ImageFacts;
import dev.unroot.review.Decision;
import dev.unroot.review.ReviewListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What Unroot counts, in Prometheus's terms; docs/metrics.md lists it. Every label's values come from a fixed set: nobody
 * can make a new series by what they send.
 */
public final class Metrics implements AutoCloseable {
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<Decided, Counter> decisions = new ConcurrentHashMap<>();
    private final Map<Integer, Counter> answers = new ConcurrentHashMap<>();
    private final Map<String, Counter> lookups = new ConcurrentHashMap<>();
    private final Counter avoided;
    private final Timer reviews;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Counter connectionsRefused;
    private final ReviewListener listener = new Listener();
    private final CertificateMetrics certificate = new CertificateMetrics(registry);

    public Metrics() {
        avoided = Counter.builder("unroot.image.lookups.avoided")
                .description("Containers whose fields alone decided, so that no image was asked for")
                .register(registry);
        reviews = Timer.builder("unroot.admission.review.duration")
                .description("From a request's first byte to its answer")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
        Gauge.builder("unroot.admission.requests.in.flight", inFlight, AtomicInteger::get)
                .description("Requests that are being worked on")
                .register(registry);
        Gauge.builder("unroot.admission.connections", connections, AtomicInteger::get)
                .description("Connections that are open on the admission port")
                .register(registry);
        connectionsRefused = Counter.builder("unroot.admission.connections.refused")
                .description("Connections closed because too many were open, in all or from their address")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Where others of this process put what they count. */
    public MeterRegistry registry() {
        return registry;
    }

    /** What is told of the certificate. */
    public CertificateListener certificate() {
        return certificate;
    }

    /** Hand this to the Reviewer. */
    public ReviewListener reviewListener() {
        return listener;
    }

    /** All of it as Prometheus text, version 0.0.4. */
    String scrape() {
        return registry.scrape();
    }

    AtomicInteger inFlight() {
        return inFlight;
    }

    AtomicInteger connections() {
        return connections;
    }

    void connectionRefused() {
        connectionsRefused.increment();
    }

    void answered(int code) {
        answers.computeIfAbsent(code, this::answerCounter).increment();
    }

    private Counter answerCounter(int code) {
        return Counter.builder("unroot.admission.requests")
                .description("Answers on the admission port, by HTTP status")
                .tag("code", Integer.toString(code))
                .register(registry);
    }

    void reviewed(Decision decision, String resource, long nanoseconds) {
        reviews.record(Duration.ofNanos(nanoseconds));
        if (decision.evaluations().isEmpty()) {
            return;
        }
        ResourceLabel label = ResourceLabel.of(resource);
        for (Decision.Evaluation evaluation : decision.evaluations()) {
            decisions
                    .computeIfAbsent(new Decided(evaluation, label), this::decisionCounter)
                    .increment();
        }
    }

    private record Decided(Decision.Evaluation evaluation, ResourceLabel resource) {}

    private Counter decisionCounter(Decided decided) {
        Decision.Evaluation evaluation = decided.evaluation();
        return Counter.builder("unroot.admission.decisions")
                .description("What each mode of a namespace came to; in warn and audit, deny is what enforce would do")
                .tag("level", evaluation.level().label())
                .tag("mode", evaluation.mode().label())
                .tag("decision", outcome(evaluation.outcome()))
                .tag("resource", decided.resource().label())
                .register(registry);
    }

    private static String outcome(Decision.Outcome outcome) {
        return switch (outcome) {
            case ALLOW -> "allow";
            case DENY -> "deny";
            case EXEMPT -> "exempt";
        };
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    private final class Listener implements ReviewListener {
        @Override
        public void imageAnswered(ImageFacts facts) {
            lookups.computeIfAbsent(outcome(facts), this::lookupCounter).increment();
        }

        @Override
        public void lookupAvoided() {
            avoided.increment();
        }

        private String outcome(ImageFacts facts) {
            if (facts instanceof ImageFacts.Known known) {
                return known.confidence().label();
            }
            return facts instanceof ImageFacts.Unknown unknown ? unknown.cause().label() : "admittedBefore";
        }

        private Counter lookupCounter(String outcome) {
            return Counter.builder("unroot.image.lookups")
                    .description("Images asked for, by what came of it: digest, tag or stale where known, else why not")
                    .tag("outcome", outcome)
                    .register(registry);
        }
    }
}
