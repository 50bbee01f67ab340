package dev.unroot.registry.users;

import dev.unroot.registry.layer.Waiting;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Room for what of one image is far larger than in honest ones, and must be held to be looked at: an {@code /etc/passwd}, a
 * compressed table of contents. In the whole process one image at a time has it. The others wait.
 */
public final class LargePart implements AutoCloseable {
    /** Bytes up to which something needs no room. */
    static final int SMALL = 1 << 20;

    private static final long PATIENCE_MILLIS = 20;

    private static final Semaphore ROOM = new Semaphore(1, true);

    private volatile boolean taken;

    /** Has the room when it returns, until this is closed. */
    void take(Waiting waiting) {
        while (!taken) {
            waiting.during(this::tryTake);
        }
    }

    private void tryTake() {
        try {
            taken = ROOM.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (taken) {
            taken = false;
            ROOM.release();
        }
    }
}
