package dev.unroot.serve;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.LookupListener;
import dev.unroot.registry.place.RequestListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts what looking images up costs, in Prometheus's terms; docs/metrics.md lists it. A registry chooses the statuses that
 * it answers with: those without a meaning here are counted together, so that it cannot make series.
 */
public final class LookupMeters implements LookupListener, RequestListener {
    private static final Set<String> STATUSES =
            Set.of("200", "301", "302", "307", "308", "400", "401", "403", "404", "429", "500", "502", "503", "504");
    private static final Set<String> CAUSES =
            Stream.of(UnknownCause.values()).map(UnknownCause::label).collect(Collectors.toUnmodifiableSet());

    private final MeterRegistry registry;
    private final Counter hits;
    private final Counter unreached;
    private final Counter repeated;
    private final AtomicReference<@Nullable CachingImageUsers> watched = new AtomicReference<>();
    private final Map<String, Counter> lookups = new ConcurrentHashMap<>();
    private final Map<String, Counter> requests = new ConcurrentHashMap<>();

    public LookupMeters(MeterRegistry registry) {
        this.registry = registry;
        this.hits = Counter.builder("unroot.image.cache.hits")
                .description("Images asked for that memory answered, without a lookup")
                .register(registry);
        this.unreached = Counter.builder("unroot.registry.unreached")
                .description("Times that a host began not to be reached")
                .register(registry);
        this.repeated = Counter.builder("unroot.registry.requests.repeated")
                .description("Requests asked once more, since their connection was closed before an answer had begun")
                .register(registry);
    }

    /** From now on it is told how many images these remember, in place of others. */
    public void watch(CachingImageUsers users) {
        if (watched.getAndSet(users) == null) {
            Gauge.builder("unroot.image.cache.images", this, LookupMeters::remembered)
                    .description("Images whose users are remembered, by digest and platforms")
                    .register(registry);
        }
    }

    private double remembered() {
        CachingImageUsers users = watched.get();
        return users == null ? 0 : users.remembered();
    }

    @Override
    public void answeredFromMemory() {
        hits.increment();
    }

    @Override
    public void lookedUp(String outcome) {
        lookups.computeIfAbsent(outcome, this::lookupCounter).increment();
    }

    private Counter lookupCounter(String outcome) {
        return Counter.builder("unroot.registry.lookups")
                .description("Lookups that have ended, however many pods waited for each")
                .tag("outcome", outcome)
                .register(registry);
    }

    @Override
    public void unreached() {
        unreached.increment();
    }

    @Override
    public void repeated() {
        repeated.increment();
    }

    @Override
    public void requested(String outcome) {
        String label = STATUSES.contains(outcome) || CAUSES.contains(outcome) ? outcome : "other";
        requests.computeIfAbsent(label, this::requestCounter).increment();
    }

    private Counter requestCounter(String outcome) {
        return Counter.builder("unroot.registry.requests")
                .description("HTTP requests to registries, token services and object storage")
                .tag("outcome", outcome)
                .register(registry);
    }
}
