package dev.unroot.model;

import java.nio.file.Path;

/**
 * A file that the configuration names. Two are equal where they are the same file, wherever they are named.
 *
 * @param where for messages: {@code unroot.yaml:7: imageLookup.registries[0].caFile}
 */
public record ConfiguredFile(Path path, String where) {
    @Override
    public boolean equals(Object other) {
        return other instanceof ConfiguredFile file && path.equals(file.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
