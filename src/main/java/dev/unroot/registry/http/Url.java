package dev.unroot.registry.http;

import dev.unroot.common.HostAndPort;
import dev.unroot.registry.place.Origin;
import java.net.IDN;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An address that somebody else has written: where a redirect leads, where tokens are had. Read, and sent, as nodes do:
 * container runtimes are written in Go, whose {@code net/url} takes nearly everything and encodes what may not stand there.
 *
 * <p>The text is as it came in a header, a byte a character. Source: Go, {@code net/url/url.go}: {@code Parse},
 * {@code ResolveReference}, {@code EscapedPath}, {@code RequestURI}. Unlike there, a user name is not taken, and what may not
 * stand in a request line is encoded in the query, too.
 *
 * @param target path and query
 */
public record Url(Origin origin, String target) {
    private static final String HEX = "0123456789ABCDEF";
    private static final String UNRESERVED = "-_.~";
    /** What Go leaves in a path as it is, if all of the path is such. */
    private static final String IN_PATH = UNRESERVED + "$&+,/:;=@";

    private static final String IN_WRITTEN_PATH = IN_PATH + "!'()*[]%";

    /** @return null where it is no absolute http or https address */
    public static @Nullable Url of(String text) {
        return read(null, text);
    }

    /** @return null where it leads to no http or https address */
    static @Nullable Url from(Origin origin, String target, String reference) {
        return read(new Url(origin, target), reference);
    }

    private static @Nullable Url read(@Nullable Url base, String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return null;
        }
        int fragment = text.indexOf('#');
        if (fragment >= 0 && decoded(text.substring(fragment + 1)) == null) {
            return null;
        }
        String whole = fragment < 0 ? text : text.substring(0, fragment);
        String scheme = scheme(whole);
        if (scheme == null) {
            return null;
        }
        String rest = scheme.isEmpty() ? whole : whole.substring(scheme.length() + 1);
        int mark = rest.indexOf('?');
        String query = mark < 0 ? null : rest.substring(mark + 1);
        String path = mark < 0 ? rest : rest.substring(0, mark);
        Origin origin = base == null ? null : base.origin();
        boolean named = path.startsWith("//") && (!scheme.isEmpty() || !path.startsWith("///"));
        if (named) {
            int slash = path.indexOf('/', 2);
            String authority = slash < 0 ? path.substring(2) : path.substring(2, slash);
            path = slash < 0 ? "" : path.substring(slash);
            named = !scheme.isEmpty() || !authority.isEmpty();
            origin = !named
                    ? origin
                    : origin(scheme.isEmpty() && base != null ? schemeOf(base.origin()) : scheme, authority);
        } else if (!scheme.isEmpty()) {
            return null;
        }
        String escaped = escapedPath(path);
        if (origin == null || escaped == null) {
            return null;
        }
        if (named || base == null) {
            return new Url(origin, target(resolved("", escaped), query));
        }
        String[] before = base.target().split("\\?", 2);
        if (escaped.isEmpty() && query == null) {
            return base;
        }
        return new Url(origin, target(resolved(before[0], escaped), query));
    }

    /** Empty for none; null where a colon makes it neither a scheme nor a path. */
    private static @Nullable String scheme(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (c == ':') {
                return i == 0 ? null : text.substring(0, i);
            }
            if (!letter && (i == 0 || !(c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'))) {
                break;
            }
        }
        int end = indexOfAny(text, "/?");
        int colon = text.indexOf(':');
        return colon >= 0 && colon < end ? null : "";
    }

    private static int indexOfAny(String text, String ends) {
        for (int i = 0; i < text.length(); i++) {
            if (ends.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static String schemeOf(Origin origin) {
        return origin.secure() ? "https" : "http";
    }

    private static @Nullable Origin origin(String scheme, String authority) {
        boolean secure = scheme.toLowerCase(Locale.ROOT).equals("https");
        if (!secure && !scheme.toLowerCase(Locale.ROOT).equals("http")) {
            return null;
        }
        String withoutEmptyPort = authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
        boolean ascii = withoutEmptyPort.chars().allMatch(c -> c < 0x80);
        String name = ascii ? withoutEmptyPort : international(withoutEmptyPort);
        return name == null ? null : Origin.parse(secure, name);
    }

    /** With the host as it stands in certificates and name servers, RFC 5890. */
    private static @Nullable String international(String authority) {
        HostAndPort written = HostAndPort.split(authority);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(written.host().getBytes(StandardCharsets.ISO_8859_1));
            String name = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return IDN.toASCII(name) + (written.port() == null ? "" : ":" + written.port());
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * As it was written where every character may stand in a path; else decoded and encoded anew, in which an encoded slash
     * becomes one.
     *
     * @return null where a percent sign begins no code
     */
    private static @Nullable String escapedPath(String written) {
        String decoded = decoded(written);
        if (decoded == null) {
            return null;
        }
        boolean valid = written.chars().allMatch(c -> isAlphanumeric(c) || IN_WRITTEN_PATH.indexOf(c) >= 0);
        return valid ? written : encoded(decoded, IN_PATH);
    }

    private static @Nullable String decoded(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '%') {
                decoded.append(text.charAt(i));
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low < 0) {
                return null;
            }
            decoded.append((char) (16 * high + low));
            i += 2;
        }
        return decoded.toString();
    }

    private static String encoded(String bytes, String kept) {
        StringBuilder encoded = new StringBuilder(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (isAlphanumeric(c) || kept.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            }
        }
        return encoded.toString();
    }

    /** Without its dots; RFC 3986, section 5.2.4. */
    private static String resolved(String base, String reference) {
        String full = reference;
        if (reference.isEmpty()) {
            full = base;
        } else if (reference.charAt(0) != '/') {
            full = base.substring(0, base.lastIndexOf('/') + 1) + reference;
        }
        String[] elements = full.split("/", -1);
        StringBuilder path = new StringBuilder("/");
        boolean first = true;
        for (String element : elements) {
            if (element.equals(".")) {
                first = false;
            } else if (element.equals("..")) {
                int slash = path.substring(1).lastIndexOf('/');
                path.setLength(slash < 0 ? 1 : slash + 1);
                first = path.length() == 1;
            } else {
                path.append(first ? "" : "/").append(element);
                first = false;
            }
        }
        String last = elements[elements.length - 1];
        if (last.equals(".") || last.equals("..")) {
            path.append('/');
        }
        return path.length() > 1 && path.charAt(1) == '/' ? path.substring(1) : path.toString();
    }

    /** A query goes as it was written; what would end a request line, or is no ASCII, is encoded. */
    private static String target(String path, @Nullable String query) {
        if (query == null) {
            return path;
        }
        StringBuilder target = new StringBuilder(path).append('?');
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c > ' ' && c < 0x7f) {
                target.append(c);
            } else {
                target.append('%').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            }
        }
        return target.toString();
    }

    private static boolean isAlphanumeric(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
