package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.TestCommandLine;
import dev.unroot.model.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code manifests/examples/README.md} shows what each example gets at each level. */
class ExamplesTest {
    private static final Path FOLDER = Path.of("manifests/examples");
    private static final String HEAD = """
            # Examples

            What each of these gets, by the level that is asked for. A message that a lower level has given is not repeated.

            ```sh
            java -jar target/unroot.jar check -f manifests/examples --images manifests/images --level hardened
            ```

            This page is written by a test, so it is what Unroot says: `mvn test -Dtest=ExamplesTest -Dupdate` writes it anew.
            """;

    @Test
    void thePageShowsWhatEachGets() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        for (Path example : examples()) {
            String comment = Files.readAllLines(example).get(0);
            assertThat(comment).startsWith("# ");
            page.append("\n## ").append(example.getFileName()).append("\n\n");
            page.append(comment.substring(2)).append("\n");
            Set<String> said = new HashSet<>();
            for (Level level : List.of(Level.NONROOT, Level.HARDENED, Level.EXPLICIT)) {
                page.append(verdict(example, level, said));
            }
        }
        Golden.assertCurrent(FOLDER.resolve("README.md"), page.toString());
    }

    /** What is said about an example first holds at the level that {@code check} takes by itself. */
    @Test
    void commentsAreTrue() throws IOException {
        for (Path example : examples()) {
            boolean allowed = Files.readAllLines(example).get(0).startsWith("# Allowed");
            assertThat(subject(example, Level.NONROOT).path("allowed").asBoolean())
                    .as("%s", example)
                    .isEqualTo(allowed);
        }
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    /** @param said by the levels before, so that each message stands once, at the first level that says it */
    private static String verdict(Path example, Level level, Set<String> said) throws IOException {
        JsonNode subject = subject(example, level);
        StringBuilder verdict = new StringBuilder(
                "\n- `" + level.label() + "`: " + (subject.path("allowed").asBoolean() ? "allowed" : "**denied**"));
        for (JsonNode finding : subject.path("findings")) {
            String message = finding.path("kind").asText() + ": "
                    + finding.path("message").asText();
            if (said.add(message)) {
                verdict.append("\n  - ").append(message);
            }
        }
        return verdict.append(level == Level.EXPLICIT ? "\n" : "").toString();
    }

    private static JsonNode subject(Path example, Level level) throws IOException {
        TestCommandLine.Result result = TestCommandLine.run(
                TestCommandLine.services(),
                "check",
                "-f",
                example.toString(),
                "--images",
                "manifests/images",
                "--level",
                level.label(),
                "--output",
                "json");
        assertThat(result.err()).isEmpty();
        JsonNode subjects = new ObjectMapper().readTree(result.out()).path("subjects");
        assertThat(subjects).hasSize(1);
        return subjects.get(0);
    }
}
