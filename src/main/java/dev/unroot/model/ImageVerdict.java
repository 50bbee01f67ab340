package dev.unroot.model;

import java.util.Locale;

/** How an image's process starts where the pod sets neither runAsUser nor runAsNonRoot. */
public enum ImageVerdict {
    NON_ROOT,
    ROOT,
    WILL_NOT_START,
    UNVERIFIED;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
