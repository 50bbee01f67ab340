package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** There is one version, that of the pom. */
class VersionTest {
    private static String version() throws IOException {
        return all("pom.xml", "<version>([^<]+)</version>").get(0);
    }

    private static List<String> all(String file, String pattern) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(Path.of(file)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** @param pattern of whatever names a version of Unroot there, in its first group */
    @ParameterizedTest
    @CsvSource({
        "charts/unroot/Chart.yaml,        (?m)^version: (.+)$,         1",
        "charts/unroot/Chart.yaml,        (?m)^appVersion: (.+)$,      1",
        "manifests/kustomization.yaml,    newTag: (.+),                1",
        "manifests/install.yaml,          image: \"?.*/unroot:([^\"\\s]+), 1",
        "docs/install.md,                 REGISTRY/unroot:(\\S+),      2",
    })
    void isThatOfThePom(String file, String pattern, int times) throws IOException {
        assertThat(all(file, pattern)).hasSize(times).containsOnly(version());
    }

    /** What is not a release yet has its changes under Unreleased. */
    @Test
    void aReleaseIsTheNewestInTheChangelog() throws IOException {
        if (!version().endsWith("-SNAPSHOT")) {
            assertThat(all("CHANGELOG.md", "(?m)^## \\[(\\d.*)\\]").get(0)).isEqualTo(version());
        }
    }
}
