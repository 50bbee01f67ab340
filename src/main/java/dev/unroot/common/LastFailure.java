package dev.unroot.common;

import org.jspecify.annotations.Nullable;

/** What went wrong when something periodic was last tried: a failure that stays is reported once, not at every try. */
public final class LastFailure {
    private @Nullable String last;

    /** Remembers it, and says whether it differs from the one before and is to be reported. */
    public synchronized boolean isNew(String failure) {
        boolean differs = !failure.equals(last);
        last = failure;
        return differs;
    }

    /** Forgets it, and says whether there was one. */
    public synchronized boolean clear() {
        boolean failed = last != null;
        last = null;
        return failed;
    }
}
