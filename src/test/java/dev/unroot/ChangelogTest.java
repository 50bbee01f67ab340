package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each change is found by its version and its subject. */
class ChangelogTest {
    private static final String VERSION = "## ";
    private static final String SUBJECT = "### ";

    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of("CHANGELOG.md"));
    }

    @Test
    void everyReleaseHasItsDate() throws IOException {
        List<String> versions =
                lines().stream().filter(line -> line.startsWith(VERSION)).toList();
        assertThat(versions.get(0)).isEqualTo("## [Unreleased]");
        assertThat(versions.subList(1, versions.size()))
                .isNotEmpty()
                .allMatch(line -> line.matches("## \\[\\d+\\.\\d+\\.\\d+\\] - \\d{4}-\\d\\d-\\d\\d"));
    }

    @Test
    void everyChangeIsUnderASubject() throws IOException {
        String heading = "";
        String before = "";
        for (String line : lines()) {
            if (line.startsWith("#")) {
                heading = line;
            }
            if (line.startsWith("- ")) {
                assertThat(heading).as(line).startsWith(SUBJECT);
                assertThat(heading).as(line).isNotIn("### Added", "### Changed", "### Fixed");
            }
            assertThat(before.startsWith(SUBJECT) && line.startsWith("#"))
                    .as("nothing is under " + before)
                    .isFalse();
            before = line.isBlank() ? before : line;
        }
    }
}
