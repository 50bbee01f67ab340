package dev.unroot.registry;

import dev.unroot.common.Failures;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import org.jspecify.annotations.Nullable;

/**
 * An image could not be read. Stays within this package and those under it: at the port's edge it becomes
 * {@link ImageFacts.Unknown}.
 */
public final class LookupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UnknownCause cause;
    private final String fix;
    private final boolean answer;

    /**
     * @param reason a clause that follows {@code could not be verified: } and names registry or image; never holds a
     *     credential
     */
    public LookupException(UnknownCause cause, String reason) {
        this(cause, reason, cause.fix(), false);
    }

    private LookupException(UnknownCause cause, String reason, String fix, boolean answer) {
        // A registry's failure is an everyday value: no stack trace to fill in.
        super(reason, null, false, false);
        this.cause = cause;
        this.fix = fix;
        this.answer = answer;
    }

    /** The same with other advice than its cause's, one of {@link Remedies}. */
    public LookupException advising(String other) {
        return new LookupException(cause, reason(), other, answer);
    }

    /** The same as what the registry has answered, and would answer again: what it said before is over. */
    public LookupException answered() {
        return new LookupException(cause, reason(), fix, true);
    }

    /** Whether the registry has answered, and is not merely away. */
    public boolean isAnswer() {
        return answer;
    }

    /** The same for a longer reason. */
    public LookupException withMore(String added) {
        return new LookupException(cause, reason() + added, fix, answer);
    }

    /** The lookup's failure that a stage has failed with, wrapped or not; null where it is something else, a bug. */
    public static @Nullable LookupException in(Throwable failure) {
        return Failures.unwrapped(failure) instanceof LookupException lookup ? lookup : null;
    }

    public UnknownCause why() {
        return cause;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public ImageFacts.Unknown toFacts() {
        return new ImageFacts.Unknown(cause, reason(), fix);
    }
}
