package dev.unroot.registry.place;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks the endpoints that may have an image, one after the other, as containerd does: mirrors in the configured order,
 * the registry itself at last, whatever it is that a mirror fails by. Each gets an equal share of the time that is left,
 * so that a mirror that is silent leaves time for the registry.
 *
 * <p>A mirror that was silent is asked after the registry for some seconds, lest every step of every lookup wait for it.
 */
public final class Mirrors {
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final int MOST_MIRRORS = 1_000;

    private final RegistryHosts hosts;
    private final HostRules rules;
    private final Cache<Served, Boolean> silent;

    /** A mirror that was silent as one registry's says nothing of the others whose images it serves. */
    private record Served(String registry, Origin mirror) {}

    public Mirrors(RegistryHosts hosts, HostRules rules, Ticker ticker) {
        this.hosts = hosts;
        this.rules = rules;
        this.silent = Caffeine.newBuilder()
                .maximumSize(MOST_MIRRORS)
                .ticker(ticker)
                .expireAfterWrite(SILENCE)
                .build();
    }

    /**
     * The first answer.
     *
     * @param step asks one repository, and throws LookupException where it gets nothing there that it may believe
     * @throws LookupException the registry's own failure, which tells of its mirrors' too
     */
    public <T> T first(Pull pull, Function<Repository, T> step) {
        List<Endpoint> endpoints = inOrder(pull.image().registry());
        // Whoever may not be asked for is not asked for at a mirror either.
        rules.requireRegistry(hosts.api(pull.image().registry()), RequestContext.of(pull.image(), pull.deadline()));
        if (endpoints.size() == 1) {
            return step.apply(new Repository(pull, endpoints.get(0)));
        }
        LookupException own = null;
        List<String> mirrors = new ArrayList<>();
        for (int i = 0; i < endpoints.size() && !isOver(pull); i++) {
            Endpoint endpoint = endpoints.get(i);
            Repository repository = Repository.of(pull, endpoint, share(pull.deadline(), endpoints.size() - i));
            try {
                rules.requireRegistry(endpoint.origin(), repository.context());
                return step.apply(repository);
            } catch (LookupException e) {
                if (!endpoint.isMirror()) {
                    own = e;
                    continue;
                }
                mirrors.add(endpoint.name() + " " + e.why().label());
                if (e.why() == UnknownCause.TIMEOUT) {
                    silent.put(new Served(pull.image().registry(), endpoint.origin()), true);
                }
            }
        }
        throw all(pull, own, mirrors);
    }

    /** The mirrors alone, as configured. */
    public List<Repository> of(Pull pull) {
        return hosts.endpoints(pull.image().registry()).stream()
                .filter(Endpoint::isMirror)
                .map(endpoint -> new Repository(pull, endpoint))
                .toList();
    }

    private List<Endpoint> inOrder(String registry) {
        List<Endpoint> configured = hosts.endpoints(registry);
        if (configured.size() == 1) {
            return configured;
        }
        List<Endpoint> ordered = new ArrayList<>(configured.size());
        configured.stream().filter(endpoint -> !isSilent(registry, endpoint)).forEach(ordered::add);
        configured.stream().filter(endpoint -> isSilent(registry, endpoint)).forEach(ordered::add);
        return ordered;
    }

    private boolean isSilent(String registry, Endpoint endpoint) {
        return endpoint.isMirror() && silent.getIfPresent(new Served(registry, endpoint.origin())) != null;
    }

    /** Whoever is told to stop, or is out of time, tries nothing further. */
    private static boolean isOver(Pull pull) {
        return pull.deadline().isOver() || Thread.currentThread().isInterrupted();
    }

    private static Deadline share(Deadline whole, int among) {
        return among == 1 ? whole : whole.within(whole.remaining().dividedBy(among));
    }

    private static LookupException all(Pull pull, @Nullable LookupException own, List<String> mirrors) {
        LookupException last = own == null
                ? RequestContext.of(pull.image(), pull.deadline()).notAsked(UnknownCause.TIMEOUT, "no time was left")
                : own;
        return mirrors.isEmpty() ? last : last.withMore(" (mirrors: " + String.join(", ", mirrors) + ")");
    }
}
