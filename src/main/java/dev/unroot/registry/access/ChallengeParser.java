package dev.unroot.registry.access;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of a {@code WWW-Authenticate} header: RFC 9110, sections 5.6 and 11. A comma separates challenges and
 * parameters alike: what follows it is a parameter where an equals sign follows the name, else the next challenge. Never
 * throws: reading stops at what is malformed and keeps what came before it, of a challenge too, as nodes do: of an unquoted
 * value with a blank or a colon in it, what is before that. Sources: containerd, {@code core/remotes/docker/auth/parse.go};
 * distribution, {@code registry/client/auth/challenge}, which containers/image has as well.
 */
final class ChallengeParser {
    private static final String SCOPE = "scope";
    private static final String SPACES = " \t";
    private static final String SEPARATORS = " \t,";
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final String TOKEN68_MARKS = "-._~+/";

    private final String text;
    private int at;

    private ChallengeParser(String text) {
        this.text = text;
    }

    static List<Challenge> parse(String headerValue) {
        return new ChallengeParser(headerValue).challenges();
    }

    private List<Challenge> challenges() {
        List<Challenge> found = new ArrayList<>();
        skip(SEPARATORS);
        while (at < text.length()) {
            String scheme = word(TOKEN_MARKS);
            boolean separated = endsElement(at) || SPACES.indexOf(text.charAt(at)) >= 0;
            skip(SPACES);
            Map<String, String> parameters = new LinkedHashMap<>();
            if (scheme.isEmpty() || !separated) {
                return found;
            }
            boolean whole = skipToken68() || readParameters(parameters);
            if (whole || !parameters.isEmpty()) {
                found.add(new Challenge(scheme.toLowerCase(Locale.ROOT), parameters));
            }
            if (!whole) {
                return found;
            }
            skip(SEPARATORS);
        }
        return found;
    }

    /** {@code YIIB==} of {@code Negotiate YIIB==}: no parameter, whatever its padding looks like. */
    private boolean skipToken68() {
        int start = at;
        boolean some = !word(TOKEN68_MARKS).isEmpty();
        skip("=");
        if (some && endsElement(at)) {
            return true;
        }
        at = start;
        return false;
    }

    /** Those up to the next challenge or the end; false where one is malformed. */
    private boolean readParameters(Map<String, String> parameters) {
        while (true) {
            int before = at;
            skip(SEPARATORS);
            String name = word(TOKEN_MARKS);
            skip(SPACES);
            if (name.isEmpty() || at == text.length() || text.charAt(at) != '=') {
                at = before;
                return true;
            }
            at++;
            skip(SPACES);
            String value = at < text.length() && text.charAt(at) == '"' ? quoted() : word(TOKEN_MARKS);
            boolean ends = endsElement(at);
            String key = name.toLowerCase(Locale.ROOT);
            // Half a scope is none: it would be asked for another repository, or for nothing.
            if (value != null && (ends || !value.isEmpty() && !key.equals(SCOPE))) {
                parameters.putIfAbsent(key, value);
            }
            if (value == null || !ends) {
                return false;
            }
        }
    }

    /** Null where the closing quote is missing. */
    private @Nullable String quoted() {
        StringBuilder value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return value.toString();
            }
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = text.charAt(at);
            }
            value.append(c);
        }
        return null;
    }

    private boolean endsElement(int index) {
        int next = index;
        while (next < text.length() && SPACES.indexOf(text.charAt(next)) >= 0) {
            next++;
        }
        return next == text.length() || text.charAt(next) == ',';
    }

    private String word(String marks) {
        int start = at;
        while (at < text.length() && (isAlphanumeric(text.charAt(at)) || marks.indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skip(String characters) {
        while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static boolean isAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
