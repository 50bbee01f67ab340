package dev.unroot.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A ConfigMap of one key as the kubelet mounts it, and changes it: a folder per version, a link to the one that counts, which
 * is swapped in one step, and the old folder taken away. Source: Kubernetes {@code pkg/volume/util/atomic_writer.go}.
 */
final class MountedConfigMap {
    private static final String DATA = "..data";

    private final Path mount;
    private final String key;
    private int versions;

    /** @param mount does not exist yet */
    MountedConfigMap(Path mount, String key, String text) throws IOException {
        this.mount = Files.createDirectory(mount);
        this.key = key;
        replace(text);
        Files.createSymbolicLink(file(), Path.of(DATA, key));
    }

    /** What the program reads. */
    Path file() {
        return mount.resolve(key);
    }

    String text() throws IOException {
        return Files.readString(file());
    }

    void replace(String text) throws IOException {
        Path before = Path.of("..version_" + versions++);
        Path next = Path.of("..version_" + versions);
        Files.writeString(Files.createDirectory(mount.resolve(next)).resolve(key), text);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), next);
        Files.move(link, mount.resolve(DATA), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (Files.deleteIfExists(mount.resolve(before).resolve(key))) {
            Files.delete(mount.resolve(before));
        }
    }
}
