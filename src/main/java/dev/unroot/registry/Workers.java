package dev.unroot.registry;

import dev.unroot.common.Deadline;
import dev.unroot.common.Text;
import dev.unroot.common.Threads;
import dev.unroot.model.UnknownCause;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;

/** Runs {@link ImageSource.LayerReader}s: unpacking computes, and must not hold up an event loop. */
public final class Workers {
    private Workers() {}

    /** A pool of daemon threads {@code unroot-unpack-N} that keeps at most {@code queue} layers waiting. */
    public static ThreadPoolExecutor pool(int threads, int queue) {
        return Threads.pool("unroot-unpack", threads, queue);
    }

    /**
     * Reads a stream on the executor and closes it. Content at fault becomes {@link UnknownCause#MALFORMED}, a full
     * queue {@link UnknownCause#TIMEOUT}.
     *
     * @param open called on the worker
     */
    public static <R> CompletableFuture<R> read(
            Executor executor, Pull pull, Opening open, ImageSource.LayerReader<R> reader) {
        return run(executor, pull, () -> readHere(pull, open, reader));
    }

    /** Reads a stream on this thread and closes it; fails as {@link #read} does. */
    public static <R> R readHere(Pull pull, Opening open, ImageSource.LayerReader<R> reader) {
        try (InputStream stream = open.open()) {
            return reader.read(stream);
        } catch (IOException malformed) {
            throw new LookupException(
                    UnknownCause.MALFORMED, "a layer of " + pull.image() + " is not readable: " + Text.why(malformed));
        }
    }

    /** Does what {@link #read} does, of more than one stream. */
    public static <R> CompletableFuture<R> run(Executor executor, Pull pull, Supplier<R> work) {
        CompletableFuture<R> result = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try (Deadline.Interruption interruptible = pull.deadline().interruptingThisThread()) {
                    result.complete(work.get());
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(new LookupException(
                    UnknownCause.TIMEOUT, "too many images are being unpacked to look into " + pull.image()));
        }
        return result;
    }

    /** Opens a layer's raw bytes. */
    @FunctionalInterface
    public interface Opening {
        InputStream open() throws IOException;
    }
}
