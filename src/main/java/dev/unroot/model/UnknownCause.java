package dev.unroot.model;

/** Why an image's user is not known, and what a person can do about it. */
public enum UnknownCause {
    OFFLINE("offline", "Run it with access to the registry, or with --images"),
    INVALID_REFERENCE("invalidReference", "Correct the image's name"),
    NOT_FOUND("notFound", "Check the image's name and tag"),
    UNAUTHORIZED("unauthorized", "Add an imagePullSecret that may read it"),
    RATE_LIMITED("rateLimited", "Try again later, or log in to the registry"),
    TIMEOUT("timeout", "Try again"),
    UNREACHABLE("unreachable", "Check that the registry answers from here"),
    TLS("tls", "Configure the registry's CA under imageLookup.registries"),
    REFUSED_ADDRESS("refusedAddress", "Use a registry that may be reached from here"),
    TOO_LARGE("tooLarge", "Use a smaller image"),
    MALFORMED("malformed", "Push the image again"),
    PLATFORM_MISSING("platformMissing", "Build the image for the cluster's platforms"),
    UNDETERMINABLE("undeterminable", "Rebuild the image with a numeric USER"),
    UNTRUSTED_TAG("untrustedTag", "Name the image by digest");

    private final String label;
    private final String fix;

    UnknownCause(String label, String fix) {
        this.label = label;
        this.fix = fix;
    }

    /** The key under {@code imageLookup.onUnverified} and the value in metrics. */
    public String label() {
        return label;
    }

    /** The first half of a sentence; {@code , or set runAsNonRoot: true and no lookup is needed} may follow. */
    public String fix() {
        return fix;
    }
}
