package dev.unroot.registry.place;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port: what credentials are bound to. Equal origins are the same party; any difference is a stranger.
 *
 * @param host in lower case, an IPv6 address without its brackets
 */
public record Origin(boolean secure, String host, int port) {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+)\\]|([a-zA-Z0-9._-]+))(?::0*([0-9]{1,5}))?");

    /**
     * Reads {@code host}, {@code host:port} or {@code [::1]:port}.
     *
     * @return null where the text is none of these (it may hold a stranger's text, such as a user name)
     */
    public static @Nullable Origin parse(boolean secure, String authority) {
        Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            return null;
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        String port = matcher.group(3);
        int number = port == null ? defaultPort(secure) : Integer.parseInt(port);
        if (number == 0 || number > HIGHEST_PORT) {
            return null;
        }
        return new Origin(secure, host.toLowerCase(Locale.ROOT), number);
    }

    public Origin inPlain() {
        return new Origin(false, host, port == HTTPS_PORT ? HTTP_PORT : port);
    }

    public boolean isDefaultHttps() {
        return secure && port == HTTPS_PORT;
    }

    /** As the Host header and the configuration's key {@code host} write it: the default port is left out. */
    public String authority() {
        return port == defaultPort(secure) ? hostInAddress() : hostInAddress() + ":" + port;
    }

    /** The host, with the brackets of an IPv6 address. */
    public String hostInAddress() {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static int defaultPort(boolean secure) {
        return secure ? HTTPS_PORT : HTTP_PORT;
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + authority();
    }
}
