package dev.unroot.common;

import java.util.regex.Pattern;

/**
 * A pattern over {@code registry/repository}: {@code *} matches within a part of the path, {@code **} across parts, and a
 * lone {@code *} everything; all else stands for itself.
 */
public final class Glob {
    private final String text;
    private final Pattern pattern;

    public Glob(String text) {
        this.text = text;
        this.pattern = Pattern.compile(regex(text));
    }

    private static String regex(String text) {
        if (text.equals("*")) {
            return ".*";
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '*') {
                regex.append(Pattern.quote(String.valueOf(c)));
            } else if (text.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else {
                regex.append("[^/]*");
            }
        }
        return regex.toString();
    }

    /** True for the lone {@code *}: it matches without a look at the name. */
    public boolean isEverything() {
        return text.equals("*");
    }

    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
