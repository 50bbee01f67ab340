package dev.unroot.webhook;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is being worked on, so that a burst is turned away rather than queued without end. Thread-safe. */
final class InFlight {
    private final int mostRequests;
    private final long mostBytes;
    private final AtomicInteger requests;
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param requests the count itself, which metrics show
     * @param mostBytes of bodies held in memory, by all requests together
     */
    InFlight(AtomicInteger requests, int mostRequests, long mostBytes) {
        this.requests = requests;
        this.mostRequests = mostRequests;
        this.mostBytes = mostBytes;
    }

    /** False where there are too many already; otherwise {@link #leave} must follow. */
    boolean enter() {
        if (requests.incrementAndGet() <= mostRequests) {
            return true;
        }
        requests.decrementAndGet();
        return false;
    }

    /** False where bodies hold too much already; otherwise {@link #leave} must give it back. */
    boolean hold(int more) {
        if (bytes.addAndGet(more) <= mostBytes) {
            return true;
        }
        bytes.addAndGet(-more);
        return false;
    }

    void leave(long held) {
        bytes.addAndGet(-held);
        requests.decrementAndGet();
    }
}
