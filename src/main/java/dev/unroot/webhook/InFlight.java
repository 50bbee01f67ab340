package dev.unroot.webhook;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what is being worked on, so that a burst is turned away rather than queued without end. No address may hold more
 * than half of what is left to others: one alone gets a third, the next one a third of the rest, and there is always room
 * for a newcomer. Thread-safe.
 */
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
    boolean enter(ClientAddress peer) {
        int all = requests.incrementAndGet();
        int ofOne = peer.requests().incrementAndGet();
        if (all <= capacity.requests() && isFair(ofOne, 1, capacity.requests() - all)) {
            return true;
        }
        leave(peer);
        return false;
    }

    /** Who holds nothing yet may take whatever there is room for. */
    private static boolean isFair(long ofOne, int more, long left) {
        return ofOne == more || 2 * ofOne <= left;
    }

    void leave(ClientAddress peer) {
        requests.decrementAndGet();
        peer.requests().decrementAndGet();
    }

    /** False where bodies hold too much already; otherwise {@link #release} must follow. */
    boolean hold(ClientAddress peer, int more) {
        long all = bytes.addAndGet(more);
        long ofOne = peer.bytes().addAndGet(more);
        if (all <= capacity.bufferedBytes() && isFair(ofOne, more, capacity.bufferedBytes() - all)) {
            return true;
        }
        release(peer, more);
        return false;
    }

    void release(ClientAddress peer, long held) {
        bytes.addAndGet(-held);
        peer.bytes().addAndGet(-held);
    }
}
