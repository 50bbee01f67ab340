package dev.unroot.registry.layer;

import java.util.HashSet;
import java.util.Set;

/**
 * The directories that a layer is sure to have, so far. A name below one is where it says; below anything else it may lead
 * through a symbolic link of this layer or a lower one, and end up in {@code /etc}.
 *
 * <p>What is not remembered only makes answers less certain, so the bounds on memory are harmless.
 */
final class RealDirectories {
    /** Of memory, more or less: several layers are read at once. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int BYTES_PER_PATH = 112;
    /** Of a path, in bytes. */
    static final int LONGEST = 512;

    private final Set<String> paths = new HashSet<>();
    private int bytes;

    /** What remembering a path takes. */
    static int bytes(String path) {
        return BYTES_PER_PATH + path.length();
    }

    int bytes() {
        return bytes;
    }

    /** An entry for a directory: runtimes replace a link that is in its place. */
    void add(String path) {
        if (bytes < MOST_BYTES && path.length() <= LONGEST && holds(path) && paths.add(path)) {
            bytes += bytes(path);
        }
    }

    /** Something that is no directory is put there, or a whiteout takes it away. */
    void replace(String path) {
        if (paths.contains(path)) {
            // Also forgets what was below it, and more: this hardly ever happens.
            forget();
        }
    }

    /** A link or whiteout of unknown whereabouts may have replaced any of them. */
    void forget() {
        paths.clear();
        bytes = 0;
    }

    boolean contains(String path) {
        return path.isEmpty() || paths.contains(path);
    }

    /** Whether every directory above the path is known. */
    boolean holds(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (!paths.contains(path.substring(0, slash))) {
                return false;
            }
        }
        return true;
    }
}
