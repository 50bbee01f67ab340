package dev.unroot.registry.place;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The forward proxies by which registries are reached.
 *
 * @param https for hosts that are asked by https; null for none
 * @param http for hosts that are asked in plain http; null for none
 * @param except what is connected to directly
 */
public record Proxies(@Nullable ProxyServer https, @Nullable ProxyServer http, NoProxy except) {
    public static final Proxies NONE = new Proxies(null, null, NoProxy.NOTHING);

    /** One for both. */
    public static Proxies of(ProxyServer server, NoProxy except) {
        return new Proxies(server, server, except);
    }

    /**
     * As {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} say, or where these are not there or empty, the same in
     * lower case.
     *
     * @throws IllegalArgumentException with a sentence that names the variable and does not quote it
     */
    public static Proxies fromEnvironment(Map<String, String> environment) {
        return new Proxies(
                server(environment, "HTTPS_PROXY"),
                server(environment, "HTTP_PROXY"),
                NoProxy.parse(value(environment, "NO_PROXY")));
    }

    private static @Nullable ProxyServer server(Map<String, String> environment, String name) {
        String value = value(environment, name);
        if (value.isEmpty()) {
            return null;
        }
        try {
            return ProxyServer.parse(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("environment variable " + name + " " + e.getMessage(), e);
        }
    }

    private static String value(Map<String, String> environment, String name) {
        String upper = environment.getOrDefault(name, "").strip();
        return upper.isEmpty()
                ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip()
                : upper;
    }

    /** The proxy for an origin; null where it is connected to directly. */
    @Nullable
    public ProxyServer to(Origin origin) {
        ProxyServer server = origin.secure() ? https : http;
        return server == null || except.matches(origin) ? null : server;
    }
}
