package dev.unroot.registry.remote;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.registry.Limits;
import java.util.List;

/**
 * How registries are read.
 *
 * @param registries what is configured, by host
 * @param rules which hosts may be asked at all
 * @param proxies through which they are reached
 * @param ticker tells how long a token or a pause has lasted
 */
public record RemoteOptions(
        Reach reach,
        List<RegistryOptions> registries,
        HostRules rules,
        Proxies proxies,
        Limits limits,
        Credentials credentials,
        HostResolver resolver,
        Ticker ticker,
        RequestListener listener) {
    public RemoteOptions {
        registries = List.copyOf(registries);
    }

    public static RemoteOptions of(Reach reach) {
        return new RemoteOptions(
                reach,
                List.of(),
                HostRules.ANY,
                Proxies.NONE,
                Limits.DEFAULT,
                Credentials.NONE,
                HostResolver.SYSTEM,
                Ticker.systemTicker(),
                RequestListener.NONE);
    }

    public RemoteOptions with(List<RegistryOptions> configured) {
        return new RemoteOptions(reach, configured, rules, proxies, limits, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(HostRules other) {
        return new RemoteOptions(reach, registries, other, proxies, limits, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(Proxies other) {
        return new RemoteOptions(reach, registries, rules, other, limits, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(Limits other) {
        return new RemoteOptions(reach, registries, rules, proxies, other, credentials, resolver, ticker, listener);
    }

    public RemoteOptions with(Credentials other) {
        return new RemoteOptions(reach, registries, rules, proxies, limits, other, resolver, ticker, listener);
    }

    public RemoteOptions with(HostResolver other) {
        return new RemoteOptions(reach, registries, rules, proxies, limits, credentials, other, ticker, listener);
    }

    public RemoteOptions with(Ticker other) {
        return new RemoteOptions(reach, registries, rules, proxies, limits, credentials, resolver, other, listener);
    }

    public RemoteOptions with(RequestListener other) {
        return new RemoteOptions(reach, registries, rules, proxies, limits, credentials, resolver, ticker, other);
    }
}
