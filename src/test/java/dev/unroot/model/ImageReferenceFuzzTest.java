package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Image references: whatever is taken for one is of the grammar, and means the same when it is written and read again. */
class ImageReferenceFuzzTest {
    static final List<String> SEEDS = List.of(
            "nginx",
            "docker.io/library/nginx:1.27",
            "registry.example:5000/team/app__x/b-c:V1.0_2@sha256:" + "0a".repeat(32),
            "[::1]:5000/x",
            "localhost/x:y",
            "my_reg.test/u:6",
            "index.docker.io/a");
    private static final List<String> WORDS = List.of(
            ":", "/", "@", "@sha256:" + "f".repeat(64), "__", "..", "localhost", ":80", "[", "]", "A", "%", "\n");

    /** distribution/reference, with the forms that cannot be told apart by a regular expression left to other tests. */
    private static final Pattern GRAMMAR = Pattern.compile("(?:[a-zA-Z0-9._:\\[\\]-]+/)?"
            + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
            + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha(?:256|384|512):[a-f0-9]{64,128})?");

    @Test
    void whatIsReadIsOfTheGrammarAndReadsTheSameAgain() {
        Fuzz.mutate(
                20_000,
                SEEDS.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                ImageReferenceFuzzTest::parse);
    }

    static void parse(byte[] text) {
        ImageReference reference;
        try {
            reference = ImageReference.parse(new String(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
            return;
        }
        assertThat(reference.toString()).matches(GRAMMAR);
        assertThat(ImageReference.parse(reference.toString())).isEqualTo(reference);
        assertThat(Stream.of(reference.registry(), reference.repository())).noneMatch(String::isEmpty);
    }
}
