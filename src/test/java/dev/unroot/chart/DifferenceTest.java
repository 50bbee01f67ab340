package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A golden that is kept as a difference says as much as one that is kept whole. */
class DifferenceTest {
    private static final String BEFORE = """
            ---
            # Source: unroot/templates/service.yaml
            kind: Service
            metadata:
              name: unroot
            spec:
              port: 443
            ---
            # Source: unroot/templates/lease.yaml
            kind: Lease
            """;

    @Test
    void isReadByItsTemplates() {
        String after = BEFORE.replace("443", "8443").replace("Lease\n", "Lease\nspec: {}\n");

        assertThat(Difference.between(BEFORE, after)).isEqualTo("""
                @@ templates/service.yaml:3
                   name: unroot
                 spec:
                -  port: 443
                +  port: 8443
                 ---
                 # Source: unroot/templates/lease.yaml
                 kind: Lease
                +spec: {}
                \s
                """);
    }

    @Test
    void ofTheSameIsNothing() {
        assertThat(Difference.between(BEFORE, BEFORE)).isEmpty();
        assertThat(Difference.apply(BEFORE, "")).isEqualTo(BEFORE);
    }

    /** Whatever is longer, empty, without a last line break, or has the same lines and comments more than once. */
    @Test
    void makesTheOtherToTheByte() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            String before = text(random);
            String after = text(random);
            assertThat(Difference.apply(before, Difference.between(before, after)))
                    .as("round %s", round)
                    .isEqualTo(after);
        }
    }

    private static String text(Random random) {
        String[] lines = {"", " ", "a", "b", "c", "@@ a:1", "-a", "+", "---", "# Source: unroot/x", "# Source: unroot/y"
        };
        return IntStream.range(0, random.nextInt(30))
                .mapToObj(line -> lines[random.nextInt(lines.length)])
                .collect(Collectors.joining("\n"));
    }

    @Test
    void isOfOneTextOnly() {
        String difference = Difference.between(BEFORE, BEFORE.replace("443", "8443"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Difference.apply(BEFORE.replace("443", "444"), difference))
                .withMessage("no \"  port: 443\" at templates/service.yaml:5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Difference.apply("---\n", difference))
                .withMessage("no line templates/service.yaml:3");
    }
}
