package dev.unroot.registry.access;

import dev.unroot.model.DockerHub;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RegistryHosts;
import dev.unroot.registry.place.RegistryOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom a registry's credentials may be shown to beside the registry. A challenge can name any realm: whoever may answer for
 * a registry could otherwise collect what is meant for it.
 */
public final class TokenServices {
    /** Registries whose token service is known to be elsewhere, by the host of their API. */
    private static final Map<String, String> KNOWN =
            Map.of(DockerHub.API, DockerHub.TOKEN_SERVICE, "registry.gitlab.com", "gitlab.com");

    private final Map<Origin, Set<Origin>> configured = new HashMap<>();

    /** @throws IllegalArgumentException where a token service is no host */
    public TokenServices(RegistryHosts hosts, List<RegistryOptions> registries) {
        for (RegistryOptions registry : registries) {
            Set<Origin> services = new HashSet<>();
            for (String host : registry.tokenServices()) {
                services.add(hosts.api(host));
            }
            configured.put(hosts.api(registry.host()), services);
        }
    }

    /** Whether the credentials for a registry may go to a realm; whether that is https has been seen to before. */
    public boolean mayKnow(Origin registry, Origin realm) {
        boolean sameParty = realm.host().equals(registry.host()) && realm.port() == registry.port();
        boolean known = realm.secure()
                && registry.isDefaultHttps()
                && realm.isDefaultHttps()
                && realm.host().equals(KNOWN.get(registry.host()));
        return sameParty || known || configured.getOrDefault(registry, Set.of()).contains(realm);
    }

    /** As the configuration's key {@code host} names a registry. */
    public static String name(Origin registry) {
        return registry.host().equals(DockerHub.API) ? DockerHub.REGISTRY : registry.authority();
    }
}
