package dev.unroot.certificate;

import dev.unroot.common.LastFailure;
import dev.unroot.common.PeriodicTask;
import dev.unroot.common.Text;
import java.io.IOException;
import java.time.Duration;
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
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** Reads all files that belong together. */
    public interface Reader<T> {
        /** @throws IOException with a sentence that names the file */
        T read() throws IOException;
    }

    private final Reader<T> reader;
    private final Consumer<T> use;
    private final LastFailure failure = new LastFailure();
    private T used;
    private @Nullable PeriodicTask task;

    FileWatch(Reader<T> reader, T used, Consumer<T> use) {
        this.reader = reader;
        this.used = used;
        this.use = use;
    }

    /**
     * Begins, and returns at once.
     *
     * @param used what was read at the start
     * @param use is told whatever the files hold from then on; where it throws, it is told again
     */
    public static <T> FileWatch<T> start(Reader<T> reader, T used, Consumer<T> use) {
        FileWatch<T> watch = new FileWatch<>(reader, used, use);
        watch.task = new PeriodicTask("unroot-file-watch", PAUSE, PAUSE, watch::look);
        return watch;
    }

    void look() {
        try {
            T read = reader.read();
            if (!read.equals(used)) {
                use.accept(read);
                used = read;
            }
            failure.clear();
        } catch (IOException e) {
            failed(Text.why(e));
        } catch (RuntimeException e) {
            failed("files could not be read again (" + e.getClass().getSimpleName() + ")");
        }
    }

    private void failed(String why) {
        if (failure.isNew(why)) {
            LOG.warn("{}. What was read before stays in use", why);
        }
    }

    @Override
    public void close() {
        PeriodicTask running = task;
        if (running != null) {
            running.close();
        }
    }
}
