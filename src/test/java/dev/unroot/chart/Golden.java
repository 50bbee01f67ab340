package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that must be what the code makes; {@code mvn test -Dtest=… -Dupdate} writes them anew. */
final class Golden {
    private Golden() {}

    static void assertCurrent(Path file, String content) throws IOException {
        if (System.getProperty("update") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, content);
            return;
        }
        assertThat(file).exists();
        assertThat(Files.readString(file))
                .as("%s is stale: write it anew with -Dupdate, and read the difference", file)
                .isEqualTo(content);
    }
}
