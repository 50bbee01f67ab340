package dev.unroot.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The manifests in a directory and all below it, by name. Links are followed; a directory is entered once, however many
 * links lead there, so loops end. What begins with a dot is passed over, as shells do.
 */
final class ManifestDirectory {
    private final List<Path> files = new ArrayList<>();
    private final Map<Path, IOException> failures = new LinkedHashMap<>();
    private final Set<Path> entered = new HashSet<>();

    ManifestDirectory(Path root) {
        enter(root);
    }

    List<Path> files() {
        return files;
    }

    /** Directories that could not be listed. */
    Map<Path, IOException> failures() {
        return failures;
    }

    private void enter(Path directory) {
        List<Path> children;
        try (Stream<Path> listed = Files.list(directory)) {
            if (!entered.add(directory.toRealPath())) {
                return;
            }
            children = listed.sorted().toList();
        } catch (UncheckedIOException e) {
            failures.put(directory, e.getCause());
            return;
        } catch (IOException e) {
            failures.put(directory, e);
            return;
        }
        for (Path child : children) {
            String name = child.getFileName().toString();
            if (name.startsWith(".")) {
                continue;
            }
            if (Files.isDirectory(child)) {
                enter(child);
            } else if (isManifest(name) && (Files.isRegularFile(child) || Files.notExists(child))) {
                // A link to nothing is told when it is opened; a pipe or a device would never end.
                files.add(child);
            }
        }
    }

    private static boolean isManifest(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml") || lower.endsWith(".json");
    }
}
