package dev.unroot.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.certificate.TlsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlsRemediesTest {
    /** docs/messages.md against the ways of failing that there are. */
    @Test
    void everyFailureHasOneLineWithItsCure() throws IOException {
        List<String> page = Files.readAllLines(Path.of("docs/messages.md"));
        for (TlsFailure.Kind kind : TlsFailure.Kind.values()) {
            assertThat(page)
                    .filteredOn(
                            line -> line.startsWith("| `" + TlsFailure.of(kind).clause() + "` |"))
                    .as(kind.name())
                    .singleElement()
                    .asString()
                    .endsWith("` | " + TlsRemedies.of(kind) + " |");
        }
    }
}
