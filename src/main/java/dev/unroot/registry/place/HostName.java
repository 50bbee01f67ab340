package dev.unroot.registry.place;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What can be the host of a registry, and what nobody could ever connect to.
 *
 * <p>Sources: RFC 1123, section 2.1 (letters, digits and inner hyphens), RFC 1035, section 2.3.4 (parts of at most 63, 253
 * in all), and distribution/reference, {@code regexp.go}, by which images name it. No name ends in a number: WHATWG URL,
 * "ends-in-a-number checker".
 */
public final class HostName {
    private static final int LONGEST = 253;
    private static final int LONGEST_PART = 63;
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?");

    private HostName() {}

    /**
     * Looks at {@code host}, {@code host:port} or {@code [::1]:port}.
     *
     * @return what keeps it from being one, a clause; null where it can be one
     */
    public static @Nullable String problem(String authority) {
        Origin origin = Origin.parse(true, authority);
        if (origin == null) {
            return "it is not host or host:port with a port from 1 to 65535";
        }
        String host = origin.host();
        if (authority.startsWith("[")) {
            return IpLiterals.address(host) == null ? "it is no IPv6 address" : null;
        }
        if (host.length() > LONGEST) {
            return "it is longer than " + LONGEST + " characters";
        }
        for (String part : host.split("\\.", -1)) {
            String problem = problemOfPart(part);
            if (problem != null) {
                return problem;
            }
        }
        return IpLiterals.isDisguised(host) ? "it ends in a number and is no IPv4 address" : null;
    }

    private static @Nullable String problemOfPart(String part) {
        if (part.isEmpty()) {
            return "a part between its dots is empty";
        }
        if (part.length() > LONGEST_PART) {
            return "a part between its dots is longer than " + LONGEST_PART + " characters";
        }
        return PART.matcher(part).matches()
                ? null
                : "a part between its dots is not of letters, digits and inner hyphens alone";
    }
}
