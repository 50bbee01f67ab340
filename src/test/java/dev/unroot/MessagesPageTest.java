package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.UnknownCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/messages.md against the causes that there are. */
class MessagesPageTest {
    @Test
    void everyCauseHasOneLineWithItsFix() throws IOException {
        List<String> documented = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("docs/messages.md"))) {
            for (UnknownCause cause : UnknownCause.values()) {
                if (line.startsWith("| `" + cause.label() + "` |")) {
                    documented.add(cause.label());
                    assertThat(line).endsWith("| " + cause.fix() + " |");
                    assertThat(line.split(" \\| ")).as(line).hasSize(4).doesNotContain("");
                }
            }
        }
        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Stream.of(UnknownCause.values())
                        .map(UnknownCause::label)
                        .toList());
    }

    /** Every finding that a case shows has its row: its check, its kind and, of its level, the name. */
    @Test
    void everyFindingOfTheCasesHasALine() throws IOException {
        String page = Files.readString(Path.of("docs/messages.md"));
        Pattern finding = Pattern.compile("check: *(\\w+), *kind: *([a-z-]+)");
        Set<String> shown = new TreeSet<>();
        try (Stream<Path> cases = Files.walk(Path.of("src/test/resources/cases"))) {
            for (Path file : cases.filter(Files::isRegularFile).toList()) {
                finding.matcher(Files.readString(file))
                        .results()
                        .forEach(match -> shown.add("| `" + match.group(1) + "` | " + match.group(2) + " |"));
            }
        }
        assertThat(shown)
                .hasSizeGreaterThan(8)
                .allSatisfy(row -> assertThat(page).contains(row));
    }
}
