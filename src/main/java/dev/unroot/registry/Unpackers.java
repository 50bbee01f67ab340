package dev.unroot.registry;

import dev.unroot.model.UnknownCause;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Threads {@code unroot-unpack-N} that read layers. Many of them may wait for a registry's bytes, but only as many as
 * there are processors compute at once: a layer that trickles in holds a thread and no processor, and one that unpacks to
 * gigabytes lets the others in between whenever it has used up what has come of it.
 */
public final class Unpackers implements AutoCloseable {
    private static final ThreadLocal<Turn> TURN = new ThreadLocal<>();

    private final ThreadPoolExecutor threads;
    private final Semaphore turns =
            new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()), true);

    /**
     * @param atOnce layers
     * @param queue layers in line; more fail as {@link UnknownCause#TIMEOUT}
     */
    public Unpackers(int atOnce, int queue) {
        this.threads = Workers.pool(atOnce, queue);
    }

    /** As {@link Workers#run}, on a thread of these. */
    public <R> CompletableFuture<R> run(Pull pull, Supplier<R> work) {
        return Workers.run(threads, pull, work);
    }

    /** As {@link Workers#readHere}, taking turns. */
    public <R> R readHere(Pull pull, Workers.Opening open, ImageSource.LayerReader<R> reader) {
        return Workers.readHere(pull, open, raw -> {
            Turn turn = new Turn(pull);
            turn.take();
            TURN.set(turn);
            try {
                return reader.read(new Yielding(raw, turn));
            } finally {
                TURN.remove();
                turn.give();
            }
        });
    }

    /** Does something that only waits, for others to compute meanwhile where this thread has a turn. */
    public static void withoutTurn(Runnable wait) {
        Turn turn = TURN.get();
        if (turn == null) {
            wait.run();
            return;
        }
        turn.give();
        wait.run();
        turn.take();
    }

    /** What is under way is interrupted, and what was waiting fails. */
    @Override
    public void close() {
        threads.shutdownNow().forEach(Runnable::run);
    }

    /** One reader's right to compute, which it gives up while it waits. */
    private final class Turn {
        private final Pull pull;
        private boolean taken;

        Turn(Pull pull) {
            this.pull = pull;
        }

        void take() {
            try {
                pull.deadline().acquire(turns);
                taken = true;
            } catch (TimeoutException e) {
                throw new LookupException(
                        UnknownCause.TIMEOUT, "too many images are being unpacked to look into " + pull.image());
            }
        }

        void give() {
            if (taken) {
                taken = false;
                turns.release();
            }
        }
    }

    private static final class Yielding extends FilterInputStream {
        private final Turn turn;

        Yielding(InputStream raw, Turn turn) {
            super(raw);
            this.turn = turn;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (in.available() > 0) {
                return in.read(into, offset, length);
            }
            turn.give();
            int count = in.read(into, offset, length);
            turn.take();
            return count;
        }
    }
}
