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

    private static @Nullable String cache(Path path) {
        return FileRemarks.ofCache(new ConfiguredFile(path, "unroot.yaml:5: imageLookup.cache.file"));
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

    @Test
    void aCacheFilesFolderThatIsNotThereIsTold() {
        Path none = folder.resolve("none");
        assertThat(cache(none.resolve("images.jsonl")))
                .isEqualTo("unroot.yaml:5: imageLookup.cache.file: its folder " + none
                        + " does not exist, so nothing is kept across restarts: make it, or mount a volume there");
        assertThat(cache(folder.resolve("images.jsonl"))).isNull();
        assertThat(cache(folder)).isNull();
    }
}
