package dev.unroot.registry.remote;

import dev.unroot.model.Text;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.Inet6Address;
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

    /**
     * Reads what {@code HTTPS_PROXY} holds; without a scheme it is http.
     *
     * @throws IllegalArgumentException with a sentence that quotes none of it: there may be a password in it
     */
    public static ProxyServer parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw invalid();
        }
        String scheme = matcher.group(1) == null ? "http" : matcher.group(1).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http")) {
            throw new IllegalArgumentException("is a proxy by " + Text.quote(scheme)
                    + ", and only http:// is spoken to proxies (what goes through it is encrypted all the same)");
        }
        Origin origin = Origin.parse(false, matcher.group(3));
        if (origin == null) {
            throw invalid();
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
            throw invalid();
        }
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException(
                "is not a proxy: write http://host:port, with user:password@ before the host if it wants them");
    }

    /** For a request that goes by one of the proxy's addresses. */
    ProxyOptions at(InetAddress address, boolean tunnelled) {
        boolean bracketed = address instanceof Inet6Address && !tunnelled;
        ProxyOptions options = new ProxyOptions()
                .setType(ProxyType.HTTP)
                .setHost(bracketed ? "[" + address.getHostAddress() + "]" : address.getHostAddress())
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
