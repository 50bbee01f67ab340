package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart makes of each example of values, to the letter: a review sees what a change does to a cluster. */
class ChartGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/chart/golden");

    static Stream<Path> matrix() {
        return Chart.matrix().stream();
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void isAsReviewed(Path values) throws IOException {
        Golden.assertCurrent(golden(values), Chart.template(values));
    }

    @Test
    void nothingIsLeftOver() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files)
                    .containsExactlyInAnyOrderElementsOf(
                            matrix().map(ChartGoldenTest::golden).toList());
        }
    }

    private static Path golden(Path values) {
        return GOLDEN.resolve(values.getFileName().toString().replace("-values", ""));
    }
}
