package dev.unroot.registry.place;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hosts that are addresses, told from names without asking anyone. */
public final class IpLiterals {
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final Pattern FOUR = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    private IpLiterals() {}

    /** The address that a host is written as, in its usual form; null where it is a name or no host at all. */
    public static @Nullable InetAddress address(String host) {
        boolean six = host.indexOf(':') >= 0 && host.matches("[0-9a-fA-F:.]+");
        if (!six && !FOUR.matcher(host).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /**
     * Whether some reader may take a host for an address that is none in its usual form: {@code 127.1}, {@code 0x7f000001}.
     * No name ends in a number. Source: WHATWG URL, "ends-in-a-number checker".
     */
    static boolean isDisguised(String host) {
        String name = HostPattern.withoutRoot(host);
        String last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return NUMBER.matcher(last).matches() && address(name) == null;
    }

    /** {@code localhost} and what is under it, which is this machine everywhere. Source: RFC 6761, section 6.3. */
    static boolean isLocalhost(String host) {
        String name = HostPattern.withoutRoot(host);
        return name.equals("localhost") || name.endsWith(".localhost");
    }
}
