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
    public List<Target> to(Origin origin, RequestContext context) {
        rules.requireNotDenied(origin, context);
        ProxyServer proxy = proxies.to(origin);
        if (proxy == null) {
            return guard.addresses(origin, context).stream()
                    .map(address -> new Target(address, null))
                    .toList();
        }
        guard.requireName(origin, context);
        return guard.ofProxy(proxy, context).stream()
                .map(address -> new Target(address, proxy))
                .toList();
    }
}
