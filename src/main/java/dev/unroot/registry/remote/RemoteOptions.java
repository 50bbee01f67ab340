package dev.unroot.registry.remote;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.HostRules;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TrustZone;
import java.util.List;

/**
 * How registries are read.
 *
 * @param registries what is configured, by host
 * @param rules which hosts may be asked at all
 * @param proxies through which they are reached
 * @param lookups at once, at most 1,000; each step of one blocks a thread, and holds a connection
 * @param ticker tells how long a token or a pause has lasted
 */
public record RemoteOptions(
        TrustZone trustZone,
        List<RegistryOptions> registries,
        HostRules rules,
        Proxies proxies,
        Limits limits,
        int lookups,
        Credentials credentials,
        HostResolver resolver,
        Ticker ticker,
        RequestListener listener) {
    private static final int MOST_LOOKUPS = 1_000;

    public RemoteOptions {
        registries = List.copyOf(registries);
        if (lookups < 1 || lookups > MOST_LOOKUPS) {
            throw new IllegalArgumentException("lookups at once must be from 1 to " + MOST_LOOKUPS);
        }
    }
}
