package dev.unroot.model;

import java.util.Locale;

/** What a finding means for the pod, the worst first. */
public enum FindingKind {
    /** The level forbids it: enforce denies. */
    VIOLATION,
    /** The answer depends on an image that could not be read: enforce does as configured. */
    UNVERIFIED,
    /** The kubelet or the runtime will refuse the container; harmless, but nobody wants it. */
    WILL_NOT_START,
    /** Allowed, and could be better. */
    ADVICE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String label() {
        return label;
    }
}
