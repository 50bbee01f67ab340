package dev.unroot.common;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a host is, by name or address, and its port: {@code ghcr.io}, {@code registry.example:5000}, {@code [::1]:5000}.
 * Whoever reads one, be it in a reference, a configuration, a docker config or a header, has it from here.
 *
 * <p>Sources: RFC 3986, section 3.2 (brackets, port); RFC 1123, section 2.1 (letters, digits and inner hyphens); RFC 1035,
 * section 2.3.4 (labels of at most 63, 253 in all); WHATWG URL, "ends-in-a-number checker" (no name ends in a number).
 *
 * @param host as it is written, an IPv6 address with its brackets
 * @param port as it is written; null for none
 */
public record HostAndPort(String host, @Nullable String port) {
    public static final int HIGHEST_PORT = 65_535;

    private static final int LONGEST = 253;
    private static final int LONGEST_LABEL = 63;
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]+");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    /** The two halves, whatever is in them. */
    public static HostAndPort split(String text) {
        int colon = portColon(text);
        return colon == text.length()
                ? new HostAndPort(text, null)
                : new HostAndPort(text.substring(0, colon), text.substring(colon + 1));
    }

    /** Where the port's colon is; the length where there is none, as in an IPv6 address without brackets. */
    public static int portColon(String text) {
        int colon = text.indexOf(':', text.lastIndexOf(']') + 1);
        return colon < 0 || text.indexOf(':', colon + 1) >= 0 ? text.length() : colon;
    }

    /**
     * Reads what can be connected to as far as its characters go: those of names that resolvers know, underscores included, or
     * of an address in brackets.
     *
     * @return null where it is none (it may be a stranger's text, with a user name in it)
     */
    public static @Nullable HostAndPort parse(String text) {
        HostAndPort read = split(text);
        String bare = withoutBrackets(read.host);
        boolean host = (bare.equals(read.host) ? NAME : IPV6).matcher(bare).matches();
        return host && (read.port == null || port(read.port, 0) > 0) ? read : null;
    }

    /**
     * Looks at what should be the host of a registry, with a port or without.
     *
     * @return what keeps it from being one that anybody could connect to, a clause; null where it can be one
     */
    public static @Nullable String problem(String text) {
        HostAndPort read = parse(text);
        if (read == null) {
            return "it is not host or host:port with a port from 1 to " + HIGHEST_PORT;
        }
        String host = read.host;
        if (host.startsWith("[")) {
            return address(withoutBrackets(host)) == null ? "it is no IPv6 address" : null;
        }
        if (host.length() > LONGEST) {
            return "it is longer than " + LONGEST + " characters";
        }
        for (String label : host.split("\\.", -1)) {
            if (label.isEmpty()) {
                return "a part between its dots is empty";
            }
            if (label.length() > LONGEST_LABEL) {
                return "a part between its dots is longer than " + LONGEST_LABEL + " characters";
            }
            if (!isLabel(label, 0, label.length())) {
                return "a part between its dots is not of letters, digits and inner hyphens alone";
            }
        }
        return isDisguised(host) ? "it ends in a number and is no IPv4 address" : null;
    }

    /** The number from there to the end; 0 where it is no port's, -1 where these are not digits. Makes no garbage. */
    public static int port(String text, int from) {
        int port = from < text.length() ? 0 : -1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            port = Math.min(port * 10 + c - '0', HIGHEST_PORT + 1);
        }
        return port > HIGHEST_PORT ? 0 : port;
    }

    /** Whether all up to there is labels with dots between, of whatever length. Makes no garbage. */
    public static boolean isName(String text, int end) {
        int start = 0;
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '.') {
                if (!isLabel(text, start, i)) {
                    return false;
                }
                start = i + 1;
            }
        }
        return isLabel(text, start, end);
    }

    private static boolean isLabel(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            boolean inner = i > from && i < to - 1;
            if (!isLetterOrDigit(text.charAt(i)) && !(inner && text.charAt(i) == '-')) {
                return false;
            }
        }
        return from < to;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** As an address of the web, RFC 3986, writes a host: an IPv6 address in brackets. */
    public static String inBrackets(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    public static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") && host.length() > 1
                ? host.substring(1, host.length() - 1)
                : host;
    }

    /** {@code example.com.} is {@code example.com}, written from the root of the domain name system. */
    public static String withoutRoot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /** The address that a host without brackets is written as, in its usual form; null where it is a name or no host at all. */
    public static @Nullable InetAddress address(String host) {
        boolean literal = host.indexOf(':') >= 0
                ? IPV6.matcher(host).matches()
                : IPV4.matcher(host).matches();
        try {
            return literal ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Whether some reader may take a host for an address that is none in its usual form: {@code 127.1}, {@code 0x7f000001}. */
    public static boolean isDisguised(String host) {
        String name = withoutRoot(host);
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return NUMBER.matcher(last).matches() && address(name) == null;
    }

    /** {@code localhost} and what is under it, which is this machine everywhere. Source: RFC 6761, section 6.3. */
    public static boolean isLocalhost(String host) {
        String name = withoutRoot(host);
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** {@code localhost} itself, or a loopback address. */
    public static boolean isLoopback(String host) {
        InetAddress address = address(host);
        return host.equals("localhost") || address != null && address.isLoopbackAddress();
    }
}
