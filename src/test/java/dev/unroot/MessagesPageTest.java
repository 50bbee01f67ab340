package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.UnknownCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
}
