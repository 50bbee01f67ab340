package dev.unroot.review;

import java.util.Locale;

/** What a namespace does with a level. */
public enum Mode {
    /** Denies what breaks it. */
    ENFORCE,
    /** Tells the person who sent the request. */
    WARN,
    /** Tells the audit log. */
    AUDIT;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }

    /** The namespace label that names this mode's level. */
    public String namespaceLabel() {
        return ModeLabels.PREFIX + label;
    }
}
