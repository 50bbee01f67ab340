package dev.unroot.review;

import java.util.Locale;

/** What enforce does about an image that could not be verified. */
public enum OnUnverified {
    DENY,
    WARN,
    ALLOW;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
