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
 * @param load how many lookups there may be at once, so that each has a thread and a connection
 * @param ticker tells how long a token or a pause has lasted
 */
public record RemoteOptions(
        TrustZone trustZone,
        List<RegistryOptions> registries,
        HostRules rules,
        Proxies proxies,
        Limits limits,
        Load load,
        Credentials credentials,
        HostResolver resolver,
        Ticker ticker,
        RequestListener listener) {
    public RemoteOptions {
        registries = List.copyOf(registries);
    }

    /**
     * What is asked at once.
     *
     * @param lookups in all, at most 1,000; each step of one blocks a thread, and holds a connection
     */
    public record Load(int lookups) {
        public static final Load DEFAULT = new Load(32);

        private static final int MOST = 1_000;

        public Load {
            if (lookups < 1 || lookups > MOST) {
                throw new IllegalArgumentException("lookups at once must be from 1 to " + MOST);
            }
        }
    }

    public static RemoteOptions of(TrustZone trustZone) {
        return new RemoteOptions(
                trustZone,
                List.of(),
                HostRules.ANY,
                Proxies.NONE,
                Limits.DEFAULT,
                Load.DEFAULT,
                Credentials.NONE,
                HostResolver.SYSTEM,
                Ticker.systemTicker(),
                RequestListener.NONE);
    }

    public RemoteOptions with(List<RegistryOptions> configured) {
        return new RemoteOptions(
                trustZone, configured, rules, proxies, limits, load, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(HostRules other) {
        return new RemoteOptions(
                trustZone, registries, other, proxies, limits, load, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(Proxies other) {
        return new RemoteOptions(
                trustZone, registries, rules, other, limits, load, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(Limits other) {
        return new RemoteOptions(
                trustZone, registries, rules, proxies, other, load, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(Load other) {
        return new RemoteOptions(
                trustZone, registries, rules, proxies, limits, other, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(Credentials other) {
        return new RemoteOptions(
                trustZone, registries, rules, proxies, limits, load, other, resolver, ticker, listener);
    }

    public RemoteOptions with(HostResolver other) {
        return new RemoteOptions(
                trustZone, registries, rules, proxies, limits, load, credentials, other, ticker, listener);
    }

    public RemoteOptions with(Ticker other) {
        return new RemoteOptions(
                trustZone, registries, rules, proxies, limits, load, credentials, resolver, other, listener);
    }

    public RemoteOptions with(RequestListener other) {
        return new RemoteOptions(
                trustZone, registries, rules, proxies, limits, load, credentials, resolver, ticker, other);
    }
}
