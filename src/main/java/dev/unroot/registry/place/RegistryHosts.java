package dev.unroot.registry.place;

import dev.unroot.common.Text;
import dev.unroot.model.DockerHub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The configured hosts, found by origin. */
public final class RegistryHosts {
    private final Map<String, RegistryOptions> byAuthority = new HashMap<>();
    private final Map<String, List<Endpoint>> mirrors = new HashMap<>();

    /** @throws IllegalArgumentException where a host is not one, or is there twice */
    public RegistryHosts(List<RegistryOptions> configured) {
        for (RegistryOptions options : configured) {
            Origin origin = Origin.parse(!options.plainHttp(), DockerHub.apiOf(options.host()));
            if (origin == null) {
                throw new IllegalArgumentException(
                        "imageLookup.registries: " + Text.quote(options.host()) + " is not host or host:port");
            }
            if (byAuthority.put(key(origin), options) != null) {
                throw new IllegalArgumentException(
                        "imageLookup.registries lists " + Text.quote(options.host()) + " twice");
            }
        }
        for (RegistryOptions options : configured) {
            // By origin, as the entry itself is found: example.com and example.com:443 are one registry.
            mirrors.put(
                    key(api(options.host())),
                    options.mirrors().stream()
                            .map(mirror -> Endpoint.ofMirror(this, mirror))
                            .toList());
        }
    }

    /** Where a registry's images may be asked for, in order: its mirrors, then itself. */
    List<Endpoint> endpoints(String registry) {
        Endpoint own = Endpoint.ofRegistry(api(registry), registry);
        List<Endpoint> endpoints = new ArrayList<>(mirrors.getOrDefault(key(own.origin()), List.of()));
        endpoints.add(own);
        return endpoints;
    }

    /** What is configured for exactly this host and port; the defaults where nothing is. */
    public RegistryOptions of(Origin origin) {
        RegistryOptions options = byAuthority.get(key(origin));
        return options == null ? RegistryOptions.of(origin.authority()) : options;
    }

    /** Where a registry serves its API, by the scheme configured for it. */
    public Origin api(String registry) {
        String name = DockerHub.apiOf(registry);
        Origin secure = Origin.parse(true, name);
        if (secure == null) {
            throw new IllegalArgumentException(Text.quote(registry) + " is not a registry");
        }
        Origin plain = Origin.parse(false, name);
        return plain != null && of(plain).plainHttp() ? plain : secure;
    }

    private static String key(Origin origin) {
        return origin.host() + ':' + origin.port();
    }
}
