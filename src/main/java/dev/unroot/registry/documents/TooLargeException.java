package dev.unroot.registry.documents;

import java.io.IOException;

/** A layer goes beyond a limit. */
public final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param message a clause that follows {@code a layer}: {@code holds more than 100 files} */
    public TooLargeException(String message) {
        super(message);
    }
}
