package dev.unroot.registry.layer;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps track of what in a layer may not be where its name says, because a name above it may be a symbolic link, of this
 * layer or a lower one. Some runtimes follow such links, others replace them with directories.
 *
 * <p>Where none of those names is a link in this layer, it is for the lower layers to settle: a directory there, or
 * nothing at all, and the entry is where it says.
 */
final class SymlinkedPaths {
    /** Of memory for names, more or less. Beyond that nothing is forgotten, but nothing can be settled either. */
    private static final int MOST_BYTES = 4 << 20;

    private final RealDirectories directories = new RealDirectories();
    private final Set<String> links = new HashSet<>();
    private final Set<String> doubted = new HashSet<>();
    private final Set<String> aboveLinks = new HashSet<>();
    private int bytes;
    private boolean overflows;

    /** What it takes in memory, more or less. */
    int bytes() {
        return bytes + directories.bytes();
    }

    void directory(String path) {
        directories.add(path);
    }

    void plainFile(String path) {
        directories.replace(path);
    }

    void whiteout(String path) {
        directories.replace(path);
    }

    /** A link, a device, or whatever else is no place to put files in. */
    void link(String path) {
        remember(links, path);
        directories.replace(path);
    }

    /** True where an entry of this layer says so. */
    boolean isDirectory(String path) {
        return directories.contains(path);
    }

    boolean hasLinks() {
        return !links.isEmpty();
    }

    /** True where every name above the path is sure to be a directory. */
    boolean isCertain(String path) {
        return directories.holds(path);
    }

    /**
     * Something that would matter if it were elsewhere than at this path. A directory that comes after it settles nothing:
     * it may replace the very link that this was written through.
     */
    void doubt(String path) {
        if (!isCertain(path)) {
            rememberAbove(doubted, path);
        }
    }

    /** A link or whiteout that matters only where a lower layer is asked what became of a directory. */
    void mayReplace(String path) {
        rememberAbove(aboveLinks, path);
        // If it is elsewhere it may have replaced any of them.
        directories.forget();
    }

    private void rememberAbove(Set<String> names, String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (slash > RealDirectories.LONGEST) {
                // Or a name of half a million directories would take as many texts of up to its own length.
                overflows = true;
                return;
            }
            remember(names, path.substring(0, slash));
        }
    }

    private void remember(Set<String> names, String path) {
        if (bytes < MOST_BYTES && path.length() <= RealDirectories.LONGEST) {
            if (names.add(path)) {
                bytes += RealDirectories.bytes(path);
            }
        } else {
            overflows = true;
        }
    }

    /**
     * The names that must turn out to be no links in the layers below.
     *
     * @param above those that are still open from the layers above this one
     * @return null where one of them is a link here, or may be
     */
    @Nullable
    Set<String> unsettled(Set<String> above) {
        Set<String> open = new HashSet<>(doubted);
        above.stream().filter(path -> !directories.contains(path)).forEach(open::add);
        if (open.isEmpty()) {
            return open;
        }
        open.addAll(aboveLinks);
        if (open.stream().mapToLong(RealDirectories::bytes).sum() > MOST_BYTES) {
            return null;
        }
        return overflows || open.stream().anyMatch(links::contains) ? null : open;
    }
}
