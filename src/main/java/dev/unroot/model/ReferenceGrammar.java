package dev.unroot.model;

import dev.unroot.common.HostAndPort;

/**
 * The grammar of image references, scanned by hand: every admission reads some, and regular expressions made up more than
 * half of its garbage. Source: distribution/reference {@code regexp.go}.
 */
final class ReferenceGrammar {
    private static final int LONGEST_TAG = 128;
    private static final int IDENTIFIER = 64;
    /** {@code sha256:} and the like. */
    private static final int ALGORITHM = 7;

    private ReferenceGrammar() {}

    /** {@code [a-f0-9]{64}}: an image ID, which is no name. */
    static boolean isIdentifier(String text) {
        return text.length() == IDENTIFIER && isHex(text, 0);
    }

    /**
     * A digest, or the beginning of one, in the place of a name: containerd and CRI-O look for an image with that ID among those
     * that the node has. Source: containerd {@code cri/server/images/service.go} ({@code LocalResolve}) and go-digest's
     * {@code digestset} ({@code Lookup}).
     */
    static boolean isImageId(String text) {
        boolean named = text.startsWith("sha256:") || text.startsWith("sha384:") || text.startsWith("sha512:");
        return named && text.length() > ALGORITHM && isHex(text, ALGORITHM);
    }

    static boolean isDigest(String text) {
        int colon = text.indexOf(':');
        int digits =
                switch (colon < 0 ? "" : text.substring(0, colon)) {
                    case "sha256" -> 64;
                    case "sha384" -> 96;
                    case "sha512" -> 128;
                    default -> -1;
                };
        return text.length() - colon - 1 == digits && isHex(text, colon + 1);
    }

    private static boolean isHex(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isDigit(c) && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /** {@code [\w][\w.-]{0,127}}. */
    static boolean isTag(String text) {
        if (text.isEmpty() || text.length() > LONGEST_TAG) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetterOrDigit(c) && c != '_' && (i == 0 || (c != '.' && c != '-'))) {
                return false;
            }
        }
        return true;
    }

    /** Parts between slashes, each runs of {@code [a-z0-9]} with one of {@code .}, {@code _}, {@code __}, {@code -+} between. */
    static boolean isRepository(String text) {
        int length = text.length();
        int i = 0;
        while (i < length && isLowerOrDigit(text.charAt(i))) {
            while (i < length && isLowerOrDigit(text.charAt(i))) {
                i++;
            }
            if (i == length) {
                return true;
            }
            i = afterSeparator(text, i);
        }
        return false;
    }

    private static int afterSeparator(String text, int from) {
        int i = from;
        switch (text.charAt(i)) {
            case '/', '.' -> i++;
            case '_' -> i += i + 1 < text.length() && text.charAt(i + 1) == '_' ? 2 : 1;
            case '-' -> {
                while (i < text.length() && text.charAt(i) == '-') {
                    i++;
                }
            }
            // Where no separator stands nothing may follow.
            default -> i = text.length();
        }
        return i;
    }

    /**
     * A host name of letters, digits and inner hyphens, or an IPv6 address in brackets; then perhaps a port. Or, without a
     * port, what could as well begin a path: {@code my_registry.example}. Go's regular expressions take that for a part of
     * the repository's name, and runtimes then ask the host of that name all the same.
     */
    static boolean isRegistry(String text) {
        return isHostAndPort(text) || (text.indexOf('/') < 0 && isRepository(text));
    }

    /** False of a registry that only a path could begin with: its length then counts with the repository's. */
    static boolean isHostAndPort(String text) {
        int colon = HostAndPort.portColon(text);
        boolean host = text.startsWith("[") ? isIpv6(text, colon) : HostAndPort.isName(text, colon);
        return host && (colon == text.length() || HostAndPort.port(text, colon + 1) >= 0);
    }

    /**
     * Whether the port of what {@link #isRegistry} takes, if there is one, is one. Go's grammar takes any digits, and runtimes
     * then fail to connect.
     */
    static boolean canBeConnectedTo(String registry) {
        int colon = HostAndPort.portColon(registry);
        return colon == registry.length() || HostAndPort.port(registry, colon + 1) > 0;
    }

    /** Hex digits and colons in brackets, whether they make an address or not. */
    private static boolean isIpv6(String text, int end) {
        for (int i = 1; i < end - 1; i++) {
            char c = text.charAt(i);
            if (!isDigit(c) && c != ':' && (c < 'a' || c > 'f') && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        return end > 2 && text.charAt(end - 1) == ']';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLowerOrDigit(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z');
    }

    private static boolean isLetterOrDigit(char c) {
        return isLowerOrDigit(c) || (c >= 'A' && c <= 'Z');
    }
}
