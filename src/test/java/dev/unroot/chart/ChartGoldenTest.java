package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the chart makes of each example of values, to the letter: a review sees what a change does to a cluster. Of the
 * defaults it is kept whole, of the others as the difference to that.
 */
class ChartGoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/chart/golden");
    private static final Path DEFAULT_VALUES = Chart.FOLDER.resolve("ci/default-values.yaml");
    private static final Path DEFAULT = GOLDEN.resolve("default.yaml");

    static Stream<Path> matrix() {
        return Chart.matrix().stream();
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void isAsReviewed(Path values) throws IOException {
        if (values.equals(DEFAULT_VALUES)) {
            Golden.assertCurrent(DEFAULT, Chart.template(values));
        } else {
            Golden.assertCurrent(golden(values), DEFAULT, Chart.template(DEFAULT_VALUES), Chart.template(values));
        }
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
        return values.equals(DEFAULT_VALUES)
                ? DEFAULT
                : GOLDEN.resolve(values.getFileName().toString().replace("-values.yaml", ".diff"));
    }
}
