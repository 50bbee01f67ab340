package dev.unroot.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Keeps an answer within what API servers pass on.
 *
 * <p>Source: Kubernetes {@code apiserver/pkg/endpoints/filters/warning.go}: once a request's warnings pass 4096
 * characters in all, each is cut after 256, and what still does not fit is dropped. It cuts the end, where the fix
 * stands; so what would be cut is shortened here, in the middle. Other webhooks' warnings share the 4096.
 */
final class ResponseLimits {
    static final int LONGEST_DENIAL = 16 << 10;
    static final int LONGEST_ANNOTATION = 8 << 10;
    static final int LONGEST_CUT_WARNING = 256;
    static final int ALL_WARNINGS = 3072;

    /** Source: {@code apimachinery/pkg/util/validation/validation.go}, {@code qualifiedNameFmt}, at most 63. */
    private static final Pattern ANNOTATION_KEY = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private ResponseLimits() {}

    /** Whole lines, as many as fit. */
    static String denial(String message) {
        if (message.length() <= LONGEST_DENIAL) {
            return OneLine.lines(message);
        }
        int end = message.lastIndexOf('\n', LONGEST_DENIAL);
        if (end <= 0) {
            return OneLine.withoutMiddle(OneLine.lines(message), LONGEST_DENIAL);
        }
        long dropped = message.substring(end).chars().filter(c -> c == '\n').count();
        return OneLine.lines(message.substring(0, end)) + "\nand " + dropped + " more lines";
    }

    /**
     * One line each.
     *
     * @param warnings the worst first
     * @return all of them where they fit; otherwise shortened ones, and in the end how many were left out
     */
    static List<String> warnings(List<String> warnings) {
        int total = 0;
        for (String warning : warnings) {
            total += Math.min(warning.length(), ALL_WARNINGS + 1);
            if (total > ALL_WARNINGS) {
                return shortened(warnings);
            }
        }
        return warnings.stream()
                .map(warning -> OneLine.of(warning, ALL_WARNINGS))
                .toList();
    }

    private static List<String> shortened(List<String> warnings) {
        List<String> kept = new ArrayList<>();
        int left = ALL_WARNINGS - LONGEST_CUT_WARNING;
        for (String warning : warnings) {
            String line = OneLine.of(OneLine.withoutMiddle(warning, LONGEST_CUT_WARNING), LONGEST_CUT_WARNING);
            if (line.length() > left) {
                kept.add("and " + (warnings.size() - kept.size())
                        + " more: unroot check -f FILE lists everything about a manifest");
                return kept;
            }
            left -= line.length();
            kept.add(line);
        }
        return kept;
    }

    /** False for a key that the API server would drop with an error in its log. */
    static boolean isAnnotationKey(String key) {
        return ANNOTATION_KEY.matcher(key).matches();
    }

    static String annotation(String value) {
        return OneLine.of(value, LONGEST_ANNOTATION);
    }
}
