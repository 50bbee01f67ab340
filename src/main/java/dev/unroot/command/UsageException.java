package dev.unroot.command;

/** The person asked for something that cannot be done: exit status 2, and this message is all they see. */
public final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message one sentence per line; no stack trace is ever needed to understand it */
    public UsageException(String message) {
        super(message);
    }
}
