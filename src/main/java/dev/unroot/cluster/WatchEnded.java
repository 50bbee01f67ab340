package dev.unroot.cluster;

import io.fabric8.kubernetes.client.WatcherException;
import org.jspecify.annotations.Nullable;

/** There is no watch any more, and why. The message is for people. */
final class WatchEnded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean needsList;

    private WatchEnded(String message, @Nullable Throwable cause, boolean needsList) {
        super(message, cause, false, false);
        this.needsList = needsList;
    }

    /** By the API server, or the way there, without a word. */
    static WatchEnded plainly() {
        return new WatchEnded("the API server ended the watch", null, false);
    }

    /** @param end of the client, which says so of a plain end, too */
    static WatchEnded of(WatcherException end) {
        if (end.isHttpGone()) {
            return new WatchEnded("the API server no longer has what the watch began with", end, true);
        }
        if (end.getRawWatchMessage().isPresent()) {
            return new WatchEnded("the API server sent what is no event of a watch", end, true);
        }
        return end.getCause() == null ? plainly() : new WatchEnded("the watch failed", end, true);
    }

    static WatchEnded by(RuntimeException fault) {
        return new WatchEnded("the API server sent an object that cannot be read", fault, true);
    }

    /** Whether something may have been missed, so that watching on would not do. */
    boolean needsList() {
        return needsList;
    }
}
