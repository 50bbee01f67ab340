package dev.unroot.configuration;

import dev.unroot.model.ConfiguredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is worth a warning about places that the configuration names. They may come later, as a volume that a sidecar
 * fills does, so none of it keeps Unroot from starting. Each remark says where the place is named.
 */
public final class FileRemarks {
    private FileRemarks() {}

    /** About {@code imageLookup.credentialHelpers}; null where helpers are in it. */
    @Nullable
    public static String ofHelpers(ConfiguredFile folder) {
        Path path = folder.path();
        String start = folder.where() + ": " + path + " ";
        if (!Files.exists(path)) {
            return start + "does not exist: until it does, credential helpers are looked for on the PATH alone";
        }
        if (!Files.isDirectory(path)) {
            return start + "is no folder: name the one that the docker-credential-… programs are in";
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.anyMatch(FileRemarks::isHelper)
                    ? null
                    : start + "holds no docker-credential-… program that this user may execute";
        } catch (IOException e) {
            return start + "cannot be looked into by this user";
        }
    }

    private static boolean isHelper(Path file) {
        return String.valueOf(file.getFileName()).startsWith("docker-credential-")
                && Files.isRegularFile(file)
                && Files.isExecutable(file);
    }
}
