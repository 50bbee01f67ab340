package dev.unroot.registry.credentials;

/**
 * Matches one label of a host name: {@code *} for any characters, {@code [a-c]} for one of a range. In time that is
 * proportional to both lengths, since whoever may write a Secret writes the pattern.
 *
 * <p>Source: Go's {@code path/filepath.Match}, as far as its patterns can stand in the host of an address.
 */
final class LabelGlob {
    private static final char ANY = '*';
    private static final char OPEN = '[';
    private static final char CLOSE = ']';

    private LabelGlob() {}

    /** False for a malformed pattern too: it matches nothing. */
    static boolean matches(String pattern, String label) {
        int p = 0;
        int at = 0;
        int afterStar = -1;
        int resume = 0;
        while (at < label.length()) {
            int next = p < pattern.length() && pattern.charAt(p) != ANY ? one(pattern, p, label.charAt(at)) : -1;
            if (p < pattern.length() && pattern.charAt(p) == ANY) {
                afterStar = ++p;
                resume = at;
            } else if (next >= 0) {
                p = next;
                at++;
            } else if (afterStar >= 0) {
                p = afterStar;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == ANY) {
            p++;
        }
        return p == pattern.length();
    }

    /** Where the pattern goes on after what stands for this character; negative where it does not match. */
    private static int one(String pattern, int start, char c) {
        if (pattern.charAt(start) != OPEN) {
            return pattern.charAt(start) == c ? start + 1 : -1;
        }
        boolean found = false;
        int p = start + 1;
        while (p < pattern.length() && (pattern.charAt(p) != CLOSE || p == start + 1)) {
            char low = pattern.charAt(p++);
            char high = low;
            if (p + 1 < pattern.length() && pattern.charAt(p) == '-') {
                high = pattern.charAt(p + 1);
                p += 2;
            }
            if (isMark(low) || isMark(high)) {
                return -1;
            }
            found |= low <= c && c <= high;
        }
        return found && p < pattern.length() ? p + 1 : -1;
    }

    /** What cannot be an end of a range. */
    private static boolean isMark(char c) {
        return c == '-' || c == CLOSE;
    }
}
