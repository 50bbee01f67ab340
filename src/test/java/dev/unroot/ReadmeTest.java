package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's commands print what it says they print. */
class ReadmeTest {
    private static final Pattern COMMAND_AND_OUTPUT = Pattern.compile(
            "^java -jar target/unroot\\.jar (check|image) ([^\\n]*)\\n```\\n\\n(?:[^`]*\\n\\n)?```\\n(.*?)```",
            Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void checkAndImagePrintWhatItShows() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        List<MatchResult> shown = COMMAND_AND_OUTPUT.matcher(readme).results().toList();
        assertThat(shown).hasSize(2);
        for (MatchResult command : shown) {
            String[] arguments = (command.group(1) + " " + command.group(2)).split(" ", -1);
            TestCommandLine.Result result = TestCommandLine.run(TestCommandLine.services(), arguments);
            assertThat(result.err()).as(Arrays.toString(arguments)).isEmpty();
            assertThat(result.out().stripTrailing()).isEqualTo(command.group(3).stripTrailing());
        }
    }
}
