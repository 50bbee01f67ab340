package dev.unroot.registry.cache;

import com.fasterxml.jackson.core.JacksonException;
import dev.unroot.common.Text;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is known by digest in a file: reads it at the start, and writes it now and then where there is something new,
 * and at the end. One process, one file: of two, the last to write would have its way. Whatever is wrong with the file
 * costs the registry some requests, and nothing else.
 */
public final class SavedImages implements AutoCloseable {
    /** Between two writings. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(SavedImages.class);

    private final ImageMemory memory;
    private final FactsFile file;
    private final LookupListener listener;
    private final ScheduledThreadPoolExecutor timer;
    private long saved;
    private boolean failed;
    private boolean handedOver;

    SavedImages(ImageMemory memory, Path path, LookupListener listener) {
        this.memory = memory;
        this.file = new FactsFile(path);
        this.listener = listener;
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "unroot-saved-images");
            thread.setDaemon(true);
            return thread;
        });
    }

    SavedImages start() {
        try {
            if (file.exists()) {
                int count = memory.restore(file.read(memory.mostImages()));
                log.atInfo().addKeyValue("images", count).log("read the images saved in {}", file.path());
            } else {
                log.info("no images are saved in {} yet", file.path());
            }
        } catch (IOException | RuntimeException unusable) {
            listener.fileFailed();
            log.warn("{} cannot be used, and nothing is remembered yet: {}", file.path(), reason(unusable));
        }
        saved = memory.changes();
        timer.scheduleWithFixedDelay(this::save, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /** Writes the file where there is something new. Warns once of what cannot be written, until it can. */
    public synchronized void save() {
        long changes = memory.changes();
        if (changes == saved || handedOver) {
            return;
        }
        try {
            file.write(memory.entries());
            saved = changes;
            failed = false;
        } catch (IOException | RuntimeException unwritable) {
            listener.fileFailed();
            if (!failed) {
                log.warn(
                        "{} cannot be written, and a restart will ask the registries again: {}",
                        file.path(),
                        reason(unwritable));
            }
            failed = true;
        }
    }

    private static String reason(Exception failure) {
        if (failure instanceof JacksonException) {
            return "it holds a line that is no JSON";
        }
        // Those of the file system tell a name and little else.
        return failure instanceof FileSystemException
                ? failure.getClass().getSimpleName() + " " + failure.getMessage()
                : Text.why(failure);
    }

    /** Another one has the file from now on, which began with what this one wrote: this one writes no more. */
    public synchronized void handOver() {
        handedOver = true;
        timer.shutdown();
    }

    /** Not by an interrupt: it would break off a writing that is under way. */
    @Override
    public void close() {
        timer.shutdown();
        save();
    }
}
