package dev.unroot.certificate;

import org.jspecify.annotations.Nullable;

/** The API server did not give or take what a certificate needs. The message says what, why, and the way out. */
public final class ApiServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ApiServerException(String message) {
        this(message, null);
    }

    public ApiServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
