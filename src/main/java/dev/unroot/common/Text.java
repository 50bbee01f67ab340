package dev.unroot.common;

import java.io.EOFException;
import java.util.Collection;
import java.util.stream.Collectors;

/** Puts text that a stranger wrote (an image's USER, a container's name) into a message without letting it speak. */
public final class Text {
    private static final int LONGEST = 128;
    private static final int MOST_LISTED = 5;

    private Text() {}

    /** In double quotes, control characters escaped, cut after 128 characters. */
    public static String quote(String text) {
        return '"' + plain(text) + '"';
    }

    /** Control and formatting characters escaped (a terminal must not obey them), cut after 128 characters. */
    public static String plain(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.codePoints().limit(LONGEST).forEach(point -> append(safe, point));
        if (text.codePointCount(0, text.length()) > LONGEST) {
            safe.append('…');
        }
        return safe.toString();
    }

    /** Control and formatting characters escaped and nothing else: for a whole line that is to be printed. */
    public static String visible(String line) {
        StringBuilder safe = new StringBuilder(line.length());
        line.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                safe.appendCodePoint(point);
            } else {
                append(safe, point);
            }
        });
        return safe.toString();
    }

    /**
     * The first five, and how many more there are: somebody else may have written as many as they like.
     *
     * @param between two of them, {@code ", "} or {@code " or "}
     */
    public static String list(Collection<String> words, String between) {
        String first = words.stream().limit(MOST_LISTED).collect(Collectors.joining(between));
        int more = words.size() - MOST_LISTED;
        return more > 0 ? first + " and " + more + " more" : first;
    }

    /** What an exception says; of one that says nothing, what it is: {@code it ends too early}, or its type's name. */
    public static String why(Throwable failure) {
        String message = failure.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        return failure instanceof EOFException
                ? "it ends too early"
                : failure.getClass().getSimpleName();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return text.length() <= LONGEST;
    }

    private static void append(StringBuilder safe, int point) {
        switch (point) {
            case '"', '\\' -> safe.append('\\').appendCodePoint(point);
            case '\n' -> safe.append("\\n");
            case '\r' -> safe.append("\\r");
            case '\t' -> safe.append("\\t");
            default -> {
                if (isPrintable(point)) {
                    safe.appendCodePoint(point);
                } else {
                    safe.append(String.format("\\u{%x}", point));
                }
            }
        }
    }

    /** False for control and formatting characters and for what is no character at all. */
    public static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
