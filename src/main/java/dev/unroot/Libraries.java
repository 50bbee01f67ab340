package dev.unroot;

import dev.unroot.common.Text;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** The jars that ours names as its class path, in a folder beside it. Asked only where one of them was not found. */
final class Libraries {
    private Libraries() {}

    /** What is missing and what to do, in a sentence; null where all are there, or we were not started from a jar. */
    static @Nullable String missing() {
        try {
            Path place = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(place) ? missing(place) : null;
        } catch (IOException | URISyntaxException e) {
            return null;
        }
    }

    private static @Nullable String missing(Path ours) throws IOException {
        List<Path> missing = names(ours).stream()
                .map(ours.toAbsolutePath()::resolveSibling)
                .filter(library -> !Files.isRegularFile(library))
                .toList();
        Path folder = missing.isEmpty() ? null : missing.get(0).getParent();
        if (folder == null) {
            return null;
        }
        String what = Files.isDirectory(folder)
                ? "is without " + missing.get(0).getFileName()
                        + (missing.size() == 1 ? "" : " and " + (missing.size() - 1) + " more of its files")
                : "is not there";
        return Text.visible(ours + " needs the folder " + folder.getFileName() + " beside it, and " + folder + " "
                + what + ". Copy it whole, from where the jar was built or unpacked");
    }

    private static List<String> names(Path ours) throws IOException {
        try (JarFile jar = new JarFile(ours.toFile())) {
            Manifest manifest = jar.getManifest();
            String classPath =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return classPath == null ? List.of() : List.of(classPath.trim().split("\\s+"));
        }
    }
}
