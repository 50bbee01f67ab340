package dev.unroot.registry.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A docker config that others rewrite while we run: a sidecar that refreshes a token, or the kubelet, which replaces the
 * files of a Secret by moving a symbolic link. What was read last holds until the file can be read again.
 */
final class DockerConfigFile {
    private static final Logger LOG = LoggerFactory.getLogger(DockerConfigFile.class);
    private static final int LARGEST = 4 * 1024 * 1024;
    /** A file that has changed is seen no later than this, and not looked at more often. */
    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final Path path;
    private final Ticker ticker;
    private volatile State state;
    private long lookedAt;

    /** What tells one version of a file from the next. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object inode) {}

    /**
     * What was read last.
     *
     * @param stamp of it; null where it could not be read since
     */
    private record State(DockerConfig config, @Nullable Stamp stamp, List<String> problems) {}

    private DockerConfigFile(Path path, Ticker ticker, State state) {
        this.path = path;
        this.ticker = ticker;
        this.state = state;
        this.lookedAt = ticker.read();
    }

    /**
     * Reads it. A file that is not there may come later.
     *
     * @param where the configuration names it: one that is missing is then worth a word. Null where nobody does
     * @throws IOException with a sentence that names the file, where it is there and is no docker config
     */
    static DockerConfigFile open(Path path, @Nullable String where, Ticker ticker) throws IOException {
        State state;
        try {
            state = read(path);
        } catch (NoSuchFileException e) {
            String missing = "docker config " + path + " does not exist";
            if (where != null) {
                LOG.warn("{}: {}; it is looked for again every {} seconds", where, missing, INTERVAL.toSeconds());
            }
            state = new State(DockerConfig.EMPTY, null, where != null ? List.of(missing) : List.of());
        } catch (IOException e) {
            throw new IOException("docker config " + path + " cannot be read: " + reason(e), e);
        }
        state.config().problems().forEach(problem -> LOG.warn("docker config {}: {}", path, problem));
        return new DockerConfigFile(path, ticker, state);
    }

    /** As it was last read; touches no disk. */
    DockerConfig config() {
        return state.config();
    }

    /** What is wrong with it, a clause each. */
    List<String> problems() {
        return state.problems();
    }

    /** Reads it again where it has changed; from a worker thread, since a disk can be slow. */
    void refresh() {
        if (!isDue()) {
            return;
        }
        State before = state;
        try {
            if (!stamp(path).equals(before.stamp())) {
                state = read(path);
                state.config().problems().forEach(problem -> LOG.warn("docker config {}: {}", path, problem));
                LOG.info("docker config {} was read again", path);
            }
        } catch (NoSuchFileException e) {
            keep(before, "docker config " + path + " does not exist");
        } catch (IOException e) {
            keep(before, "docker config " + path + " cannot be read: " + reason(e));
        }
    }

    private synchronized boolean isDue() {
        long now = ticker.read();
        if (now - lookedAt < INTERVAL.toNanos()) {
            return false;
        }
        lookedAt = now;
        return true;
    }

    private void keep(State before, String problem) {
        if (before.stamp() == null && before.problems().isEmpty()) {
            // It was never there, and need not be.
            return;
        }
        if (!before.problems().contains(problem)) {
            LOG.warn("{}; what was read of it before still holds", problem);
        }
        state = new State(before.config(), null, List.of(problem));
    }

    private static State read(Path path) throws IOException {
        // Taken before the bytes: one that changes in between is read again.
        Stamp stamp = stamp(path);
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("it is larger than " + LARGEST + " bytes");
            }
            DockerConfig config = DockerConfigParser.configJson(bytes);
            return new State(
                    config,
                    stamp,
                    config.problems().stream()
                            .map(problem -> "docker config " + path + ": " + problem)
                            .toList());
        }
    }

    /** Of the file at the end of any links. */
    private static Stamp stamp(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new IOException("it is no file");
        }
        return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }

    private static String reason(IOException failure) {
        return failure instanceof java.nio.file.AccessDeniedException ? "access is denied" : Text.why(failure);
    }
}
