package dev.unroot.common;

import java.util.regex.Pattern;

/** The forms that API servers demand of names; what has one is safe in a path. Source: apimachinery, {@code util/validation}. */
public final class ObjectNames {
    private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern LABEL = Pattern.compile(LABEL_FORM);
    private static final Pattern SUBDOMAIN = Pattern.compile(LABEL_FORM + "(\\." + LABEL_FORM + ")*");
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_SUBDOMAIN = 253;

    private ObjectNames() {}

    /** RFC 1123 label: a namespace's name. */
    public static boolean isLabel(String text) {
        return text.length() <= LONGEST_LABEL && LABEL.matcher(text).matches();
    }

    /** RFC 1123 subdomain: most other objects' names. */
    public static boolean isSubdomain(String text) {
        return text.length() <= LONGEST_SUBDOMAIN && SUBDOMAIN.matcher(text).matches();
    }
}
