package dev.unroot.webhook;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is being worked on, so that a burst is turned away rather than queued without end. Thread-safe. */
final class InFlight {
    private final Capacity capacity;
    private final AtomicInteger requests;
    private final AtomicLong bytes = new AtomicLong();

    /** @param requests the count itself, which metrics show */
    InFlight(AtomicInteger requests, Capacity capacity) {
        this.requests = requests;
        this.capacity = capacity;
    }

    /** False where there are too many already; otherwise {@link #leave} must follow. */
    boolean enter() {
        if (requests.incrementAndGet() <= capacity.requests()) {
            return true;
        }
        requests.decrementAndGet();
        return false;
    }

    void leave() {
        requests.decrementAndGet();
    }

    /** False where bodies hold too much already; otherwise {@link #release} must follow. */
    boolean hold(int more) {
        if (bytes.addAndGet(more) <= capacity.bufferedBytes()) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    void release(long held) {
        bytes.addAndGet(-held);
    }
}
