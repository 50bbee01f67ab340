package dev.unroot.review;

/**
 * A request that cannot be decided, and not by a fault of ours. Its message is a sentence without full stop for whoever asked:
 * what is missing, why, and where there is one, the way out.
 */
public class UndecidedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UndecidedException(String message) {
        super(message);
    }

    public UndecidedException(String message, Throwable cause) {
        super(message, cause);
    }
}
