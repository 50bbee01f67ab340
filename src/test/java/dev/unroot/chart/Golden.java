package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.opentest4j.AssertionFailedError;

/** Files that must be what the code makes; {@code mvn test -Dtest=… -Dupdate} writes them anew. */
final class Golden {
    private Golden() {}

    static void assertCurrent(Path file, String content) throws IOException {
        if (!updated(file, content)) {
            assertThat(file).exists();
            assertSame(file, Files.readString(file), content);
        }
    }

    /** The same of a file that holds what makes this content of that of another file. */
    static void assertCurrent(Path file, Path other, String ofOther, String content) throws IOException {
        if (!updated(file, Difference.between(ofOther, content))) {
            assertThat(file).exists();
            assertSame(file, applied(file, other), content);
        }
    }

    private static String applied(Path file, Path other) throws IOException {
        try {
            return Difference.apply(Files.readString(other), Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new AssertionError(file + " is no difference to " + other + ": write it anew with -Dupdate", e);
        }
    }

    private static boolean updated(Path file, String content) throws IOException {
        if (System.getProperty("update") == null) {
            return false;
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return true;
    }

    private static void assertSame(Path file, String reviewed, String content) {
        if (!reviewed.equals(content)) {
            throw new AssertionFailedError(
                    "%s is stale: write it anew with -Dupdate, and read the difference, which is now:%n%s"
                            .formatted(file, Difference.between(reviewed, content)),
                    reviewed,
                    content);
        }
    }
}
