package dev.unroot.registry.place;

import dev.unroot.common.HostAndPort;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port: what credentials are bound to. Equal origins are the same party; any difference is a stranger.
 *
 * @param host in lower case, an IPv6 address without its brackets
 */
public record Origin(boolean secure, String host, int port) {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /**
     * Reads {@code host}, {@code host:port} or {@code [::1]:port}.
     *
     * @return null where the text is none of these (it may hold a stranger's text, such as a user name)
     */
    public static @Nullable Origin parse(boolean secure, String authority) {
        HostAndPort read = HostAndPort.parse(authority);
        if (read == null) {
            return null;
        }
        String host = HostAndPort.withoutBrackets(read.host()).toLowerCase(Locale.ROOT);
        return new Origin(secure, host, read.port() == null ? defaultPort(secure) : HostAndPort.port(read.port(), 0));
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
        return HostAndPort.inBrackets(host);
    }

    private static int defaultPort(boolean secure) {
        return secure ? HTTPS_PORT : HTTP_PORT;
    }

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + authority();
    }
}
