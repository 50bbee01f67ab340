package dev.unroot.registry.remote;

import java.util.List;

/** Says how a host is reached: whether it may be at all, directly or through a proxy, and at which addresses. */
final class Directions {
    private final HostRules rules;
    private final Proxies proxies;
    private final AddressGuard guard;

    Directions(HostRules rules, Proxies proxies, AddressGuard guard) {
        this.rules = rules;
        this.proxies = proxies;
        this.guard = guard;
    }

    /** @return to be tried in this order; never empty */
    List<Dial> to(Origin origin, Errand errand) {
        rules.requireNotDenied(origin, errand);
        ProxyServer proxy = proxies.to(origin);
        if (proxy == null) {
            return guard.addresses(origin, errand).stream()
                    .map(address -> new Dial(address, null))
                    .toList();
        }
        guard.requireName(origin, errand);
        return guard.ofProxy(proxy, errand).stream()
                .map(address -> new Dial(address, proxy))
                .toList();
    }
}
