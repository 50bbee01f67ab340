package dev.unroot.common;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What futures make of exceptions. */
public final class Failures {
    private Failures() {}

    /** What was thrown, out of all that futures have wrapped it in. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
