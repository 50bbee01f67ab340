package dev.unroot.certificate;

import dev.unroot.common.Threads;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads files again every five seconds, since a mounted Secret's change by a symbolic link that is swapped, which no
 * watch on a file sees. What cannot be read, a pair half written included, leaves in place what was read before.
 *
 * @param <T> what is read; equal where nothing changed
 */
public final class FileWatch<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final int PAUSE_SECONDS = 5;

    /** Reads all files that belong together. */
    public interface Reader<T> {
        /** @throws IOException with a sentence that names the file */
        T read() throws IOException;
    }

    private final Reader<T> reader;
    private final Consumer<T> use;
    private final ScheduledThreadPoolExecutor thread;
    private T used;
    private @Nullable String told;

    FileWatch(Reader<T> reader, T used, Consumer<T> use) {
        this.reader = reader;
        this.used = used;
        this.use = use;
        this.thread = new ScheduledThreadPoolExecutor(1, Threads.factory("unroot-file-watch"));
    }

    /**
     * Begins, and returns at once.
     *
     * @param used what was read at the start
     * @param use is told whatever the files hold from then on; where it throws, it is told again
     */
    public static <T> FileWatch<T> start(Reader<T> reader, T used, Consumer<T> use) {
        FileWatch<T> watch = new FileWatch<>(reader, used, use);
        Future<?> unused =
                watch.thread.scheduleWithFixedDelay(watch::look, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
        return watch;
    }

    /** Never throws: a scheduled task that does is never run again. */
    void look() {
        String failure = null;
        try {
            T read = reader.read();
            if (!read.equals(used)) {
                use.accept(read);
                used = read;
            }
        } catch (IOException e) {
            failure = e.getMessage();
        } catch (RuntimeException e) {
            failure = "files could not be read again (" + e.getClass().getSimpleName() + ")";
        }
        if (failure != null && !Objects.equals(failure, told)) {
            LOG.warn("{}. What was read before stays in use", failure);
        }
        told = failure;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
