package dev.unroot.registry;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;

/**
 * An image could not be read. Stays within this package and those under it: at the port's edge it becomes
 * {@link ImageFacts.Unknown}.
 */
public final class LookupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UnknownCause cause;

    /**
     * @param reason a clause that follows {@code could not be verified: } and names registry or image; never holds a
     *     credential
     */
    public LookupException(UnknownCause cause, String reason) {
        // A registry's failure is an everyday value: no stack trace to fill in.
        super(reason, null, false, false);
        this.cause = cause;
    }

    public UnknownCause why() {
        return cause;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public ImageFacts.Unknown toFacts() {
        return new ImageFacts.Unknown(cause, reason());
    }
}
