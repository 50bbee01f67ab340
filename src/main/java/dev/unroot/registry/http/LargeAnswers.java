package dev.unroot.registry.http;

import dev.unroot.registry.place.RequestContext;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/**
 * Room for manifests and configurations that are far larger than honest ones: few at once are received and parsed, so that
 * many registries together cannot have more held in memory than there is.
 */
public final class LargeAnswers {
    /** Bytes up to which an answer needs no room: real manifests and configurations have a few thousand. */
    static final int SMALL = 64 * 1024;

    /** The largest answer, the pieces that it came in, and what comes of it. */
    private static final long HEAP_PER_ANSWER = 48L << 20;

    private static final int MOST = 16;

    private final Semaphore rooms;

    public LargeAnswers() {
        this(Runtime.getRuntime().maxMemory());
    }

    /** @param heap in bytes */
    public LargeAnswers(long heap) {
        rooms = new Semaphore((int) Math.max(1, Math.min(MOST, heap / HEAP_PER_ANSWER)), true);
    }

    /** For one answer, small until proved otherwise; to be closed once nothing of it is needed. */
    public Room room() {
        return new Room();
    }

    public final class Room implements AutoCloseable {
        private boolean taken;

        private Room() {}

        /** Waits for it until the request's deadline. */
        void take(RequestContext context) {
            if (taken) {
                return;
            }
            try {
                context.deadline().acquire(rooms);
                taken = true;
            } catch (TimeoutException e) {
                throw context.timedOut();
            }
        }

        @Override
        public void close() {
            if (taken) {
                taken = false;
                rooms.release();
            }
        }
    }
}
