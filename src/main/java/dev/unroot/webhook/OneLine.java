package dev.unroot.webhook;

import dev.unroot.common.Text;

/** Makes text fit for one line of a log, a header or an annotation. */
public final class OneLine {
    private OneLine() {}

    /**
     * Control and formatting characters become spaces; what is longer is cut and ends in {@code …}.
     *
     * @param longest in UTF-16 units
     */
    public static String of(String text, int longest) {
        return clean(text.length() <= longest ? text : head(text, longest - 1) + "…", false);
    }

    /** The same with line feeds left as they are. */
    public static String lines(String text) {
        return clean(text, true);
    }

    /**
     * Takes out the middle: a message says first whom it is about, and last how to mend it.
     *
     * @param longest in UTF-16 units, which is never fewer than characters
     */
    public static String withoutMiddle(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int first = longest * 2 / 5;
        return head(text, first) + "…" + tail(text, longest - first - 1);
    }

    private static String head(String text, int length) {
        int end = length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
        return text.substring(0, end);
    }

    private static String tail(String text, int length) {
        int start = text.length() - length;
        return text.substring(Character.isLowSurrogate(text.charAt(start)) ? start + 1 : start);
    }

    private static String clean(String text, boolean keepLineFeeds) {
        int bad = firstUnprintable(text, keepLineFeeds);
        if (bad == text.length()) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length()).append(text, 0, bad);
        text.substring(bad)
                .codePoints()
                .forEach(point -> clean.appendCodePoint(isPrintable(point, keepLineFeeds) ? point : ' '));
        return clean.toString();
    }

    private static int firstUnprintable(String text, boolean keepLineFeeds) {
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            if (!isPrintable(point, keepLineFeeds)) {
                return i;
            }
            i += Character.charCount(point);
        }
        return i;
    }

    private static boolean isPrintable(int point, boolean keepLineFeeds) {
        if (point >= ' ' && point <= '~') {
            return true;
        }
        if (point == '\n') {
            return keepLineFeeds;
        }
        return Text.isPrintable(point);
    }
}
