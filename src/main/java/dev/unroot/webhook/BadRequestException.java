package dev.unroot.webhook;

/** A request that is not one an API server would send. */
public final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message sentences for the person behind the request: what is wrong, where, and how to mend it */
    public BadRequestException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
