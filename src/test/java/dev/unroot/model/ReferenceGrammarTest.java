package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The hand-written scanners accept exactly what the expressions of distribution/reference do. */
class ReferenceGrammarTest {
    private static final int TRIES = 200_000;
    private static final Pattern REGISTRY = Pattern.compile(
            "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*"
                    + "|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?");
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");
    private static final Pattern DIGEST =
            Pattern.compile("sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}");

    @Test
    void registries() {
        compare(ReferenceGrammar::isRegistry, REGISTRY, "aZ0-.:[]f", 9);
    }

    @Test
    void repositories() {
        compare(ReferenceGrammar::isRepository, REPOSITORY, "a0-._/A", 9);
    }

    @Test
    void tags() {
        compare(ReferenceGrammar::isTag, TAG, "aZ0_.-:é", 6);
        assertThat(ReferenceGrammar.isTag("a".repeat(128))).isTrue();
        assertThat(ReferenceGrammar.isTag("a".repeat(129))).isFalse();
    }

    @Test
    void digests() {
        compare(ReferenceGrammar::isDigest, DIGEST, "sha256:0", 9);
        for (String algorithm : new String[] {"sha256", "sha384", "sha512", "md5", ""}) {
            for (int digits : new int[] {0, 63, 64, 65, 96, 128}) {
                for (String digit : new String[] {"a", "0", "g", "A"}) {
                    String text = algorithm + ":" + digit.repeat(digits);
                    assertThat(ReferenceGrammar.isDigest(text))
                            .as(text)
                            .isEqualTo(DIGEST.matcher(text).matches());
                }
            }
        }
    }

    @Test
    void identifiers() {
        assertThat(ReferenceGrammar.isIdentifier("0".repeat(63) + "f")).isTrue();
        assertThat(ReferenceGrammar.isIdentifier("0".repeat(63) + "F")).isFalse();
        assertThat(ReferenceGrammar.isIdentifier("0".repeat(65))).isFalse();
    }

    private static void compare(Predicate<String> scanner, Pattern expression, String alphabet, int longest) {
        Random random = new Random(1);
        int accepted = 0;
        for (int i = 0; i < TRIES; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(longest + 1);
            while (text.length() < length) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            boolean expected = expression.matcher(text).matches();
            assertThat(scanner.test(text.toString())).as("%s", text).isEqualTo(expected);
            accepted += expected ? 1 : 0;
        }
        assertThat(accepted).isLessThan(TRIES);
    }
}
