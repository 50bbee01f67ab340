package dev.unroot.registry.place;

import dev.unroot.common.HostAndPort;
import dev.unroot.common.Text;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A forward proxy, {@code http://user:password@proxy.example:3128}. Prints neither user nor password.
 *
 * @param host name or address, the latter without brackets
 */
public record ProxyServer(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {
    private static final Pattern FORM =
            Pattern.compile("(?:([a-zA-Z][a-zA-Z0-9+.-]*)://)?(?:([^@/]*)@)?([^@/?#]+)/?", Pattern.DOTALL);
    private static final Pattern HAS_PATH = Pattern.compile("[^/]*://[^/]*[/?#].+|[^/]*[/?#].+", Pattern.DOTALL);

    /**
     * Reads {@code imageLookup.proxy.url}, which has scheme and port: what they are where they are left out differs by who
     * reads it (port 80 for Go, 1080 for curl).
     *
     * @throws IllegalArgumentException as {@link #parse} does
     */
    public static ProxyServer parseInFull(String text) {
        ProxyServer server = parse(text);
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || matcher.group(1) == null) {
            throw invalid("it does not begin with http://");
        }
        if (!matcher.group(3).matches(".*:[0-9]+")) {
            throw invalid("it names no port");
        }
        return server;
    }

    /**
     * Reads what {@code HTTPS_PROXY} holds; without a scheme it is http, and without a port 80.
     *
     * @throws IllegalArgumentException with a sentence that quotes none of it: there may be a password in it
     */
    public static ProxyServer parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw invalid(
                    HAS_PATH.matcher(text.strip()).matches()
                            ? "it goes on after the port, or user or password hold a '/' that is not written %2F"
                            : "it is no address");
        }
        String scheme = matcher.group(1) == null ? "http" : matcher.group(1).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http")) {
            throw new IllegalArgumentException("is a proxy by " + Text.quote(scheme)
                    + ", and only http:// is spoken to proxies (what goes through it is encrypted all the same)");
        }
        Origin origin = Origin.parse(false, matcher.group(3));
        if (origin == null || hasNoSuchHost(origin)) {
            throw invalid("its host cannot be one, or its port is not from 1 to 65535");
        }
        String userInfo = matcher.group(2);
        if (userInfo == null) {
            return new ProxyServer(origin.host(), origin.port(), null, null);
        }
        int colon = userInfo.indexOf(':');
        String user = decode(colon < 0 ? userInfo : userInfo.substring(0, colon));
        String password = colon < 0 ? "" : decode(userInfo.substring(colon + 1));
        return new ProxyServer(origin.host(), origin.port(), user, password);
    }

    /** Percent-decoded; in a user name, unlike in a query, a plus sign is a plus sign. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid("user or password hold a '%' that begins no code of two hex digits");
        }
    }

    /** Some local name services have underscores in names, and nobody asks a proxy to prove its name. */
    private static boolean hasNoSuchHost(Origin origin) {
        return HostAndPort.problem(origin.hostInAddress().replace('_', 'x')) != null;
    }

    private static IllegalArgumentException invalid(String why) {
        return new IllegalArgumentException(
                "is not a proxy: " + why
                        + ". Write http://host:port; user and password stand before the host, with a colon between and an @ after");
    }

    /** For a request that goes by one of the proxy's addresses. */
    ProxyOptions at(InetAddress address, boolean tunnelled) {
        ProxyOptions options = new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(tunnelled ? address.getHostAddress() : HostAndPort.inBrackets(address.getHostAddress()))
                .setPort(port);
        if (user != null) {
            options.setUsername(user).setPassword(password == null ? "" : password);
        }
        return options;
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
