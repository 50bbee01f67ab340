package dev.unroot.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.ConfiguredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What serve's log says at its start of places that are configured and not there. */
class FileRemarksTest {
    @TempDir
    private Path folder;

    private static @Nullable String helpers(Path path) {
        return FileRemarks.ofHelpers(new ConfiguredFile(path, "unroot.yaml:4: imageLookup.credentialHelpers"));
    }

    @Test
    void aFolderOfHelpersThatIsNotThereIsTold() {
        Path none = folder.resolve("none");
        assertThat(helpers(none))
                .isEqualTo("unroot.yaml:4: imageLookup.credentialHelpers: " + none
                        + " does not exist: until it does, credential helpers are looked for on the PATH alone");
    }

    @Test
    void aFolderWithoutHelpersThatCanBeRunIsTold() throws IOException {
        Path helper = Files.writeString(folder.resolve("docker-credential-x"), "#!/bin/sh\n");
        assertThat(helpers(helper))
                .endsWith(" is no folder: name the one that the docker-credential-… programs are in");
        assertThat(helpers(folder)).endsWith(" holds no docker-credential-… program that this user may execute");
        assertThat(helper.toFile().setExecutable(true)).isTrue();
        assertThat(helpers(folder)).isNull();
    }
}
