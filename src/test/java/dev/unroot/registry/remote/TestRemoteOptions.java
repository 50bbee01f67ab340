package dev.unroot.registry.remote;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.credentials.NoCredentials;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.HostRules;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TrustZone;
import java.util.List;

/** How registries are read, where some of it is not as ever. */
public final class TestRemoteOptions {
    private final TrustZone zone;
    private List<RegistryOptions> registries = List.of();
    private HostRules rules = HostRules.ANY;
    private Proxies proxies = Proxies.NONE;
    private Limits limits = Limits.DEFAULT;
    private int lookups = CacheOptions.DEFAULT.lookups();
    private Credentials credentials = new NoCredentials();
    private HostResolver resolver = HostResolver.SYSTEM;
    private Ticker ticker = Ticker.systemTicker();
    private RequestListener listener = RequestListener.NONE;

    private TestRemoteOptions(TrustZone zone) {
        this.zone = zone;
    }

    public static TestRemoteOptions of(TrustZone zone) {
        return new TestRemoteOptions(zone);
    }

    /** The same, to be changed. */
    static TestRemoteOptions from(RemoteOptions options) {
        TestRemoteOptions same = of(options.trustZone());
        same.registries = options.registries();
        same.rules = options.rules();
        same.proxies = options.proxies();
        same.limits = options.limits();
        same.lookups = options.lookups();
        same.credentials = options.credentials();
        same.resolver = options.resolver();
        same.ticker = options.ticker();
        same.listener = options.listener();
        return same;
    }

    public TestRemoteOptions with(List<RegistryOptions> configured) {
        registries = configured;
        return this;
    }

    public TestRemoteOptions with(HostRules other) {
        rules = other;
        return this;
    }

    public TestRemoteOptions with(Proxies other) {
        proxies = other;
        return this;
    }

    public TestRemoteOptions with(Limits other) {
        limits = other;
        return this;
    }

    public TestRemoteOptions withLookups(int atOnce) {
        lookups = atOnce;
        return this;
    }

    public TestRemoteOptions with(Credentials other) {
        credentials = other;
        return this;
    }

    public TestRemoteOptions with(HostResolver other) {
        resolver = other;
        return this;
    }

    public TestRemoteOptions with(Ticker other) {
        ticker = other;
        return this;
    }

    public TestRemoteOptions with(RequestListener other) {
        listener = other;
        return this;
    }

    public RemoteOptions build() {
        return new RemoteOptions(
                zone, registries, rules, proxies, limits, lookups, credentials, resolver, ticker, listener);
    }
}
