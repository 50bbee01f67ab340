package dev.unroot.registry.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Credential helpers that are shell scripts. */
final class Scripts {
    private final Path folder;

    Scripts(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** Puts {@code docker-credential-NAME}; {@code $FOLDER} is where it is. */
    void put(String name, String script) throws IOException {
        Path file = folder.resolve("docker-credential-" + name);
        Files.writeString(file, "#!/bin/sh\nFOLDER=" + folder + "\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    /** Says what a helper says that has one. */
    static String answer(String username, String secret) {
        return "echo '{\"ServerURL\":\"x\",\"Username\":\"" + username + "\",\"Secret\":\"" + secret + "\"}'";
    }
}
