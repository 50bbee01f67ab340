package dev.unroot.registry.place;

import java.util.List;

/** Says how a host is reached: whether it may be at all, directly or through a proxy, and at which addresses. */
public final class TargetResolver {
    private final HostRules rules;
    private final Proxies proxies;
    private final AddressGuard guard;

    public TargetResolver(HostRules rules, Proxies proxies, AddressGuard guard) {
        this.rules = rules;
        this.proxies = proxies;
        this.guard = guard;
    }

    /** @return to be tried in this order; never empty */
    public List<Target> to(Origin origin, RequestContext errand) {
        rules.requireNotDenied(origin, errand);
        ProxyServer proxy = proxies.to(origin);
        if (proxy == null) {
            return guard.addresses(origin, errand).stream()
                    .map(address -> new Target(address, null))
                    .toList();
        }
        guard.requireName(origin, errand);
        return guard.ofProxy(proxy, errand).stream()
                .map(address -> new Target(address, proxy))
                .toList();
    }
}
