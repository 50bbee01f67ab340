package dev.unroot.e2e.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder of files that change all at once, as the kubelet writes ConfigMaps, Secrets and projected volumes: the files
 * are in a folder of their own, which the link {@code ..data} names, and each file is a link through that one.
 */
final class AtomicVolume {
    private static final String DATA = "..data";

    private final Path folder;
    private final int group;
    private @Nullable Map<String, String> written;

    /** @param group to whom the files are readable, the pod's fsGroup */
    AtomicVolume(Path folder, int group) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.group = group;
        own(folder, 02755);
    }

    /**
     * Writes what is not there yet.
     *
     * @param mode of files; the group may read them whatever it says (kubelet: volume_linux.go, SetVolumeOwnership)
     */
    void write(Map<String, String> files, int mode) throws IOException {
        if (Objects.equals(files, written)) {
            return;
        }
        Path before = written == null ? null : folder.resolve(DATA).toRealPath();
        Path now = Files.createTempDirectory(folder, "..");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = now.resolve(file.getKey());
            Files.writeString(path, file.getValue(), StandardCharsets.ISO_8859_1);
            own(path, mode | 0440);
        }
        own(now, 02755);
        Path link = Files.createSymbolicLink(folder.resolve("..data_tmp"), now.getFileName());
        Files.move(link, folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
        for (String name : files.keySet()) {
            if (written == null || !written.containsKey(name)) {
                Files.createSymbolicLink(folder.resolve(name), Path.of(DATA, name));
            }
        }
        if (before != null) {
            for (String name : written.keySet()) {
                if (!files.containsKey(name)) {
                    Files.delete(folder.resolve(name));
                }
            }
            delete(before);
        }
        written = new TreeMap<>(files);
    }

    private void own(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:gid", group);
        Files.setAttribute(path, "unix:mode", mode);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
