package dev.unroot.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case through {@code check}, as a person would run it. */
class CheckCasesTest {
    static List<CaseFile> cases() {
        return CaseFile.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isToldAsItSays(CaseFile file, @TempDir Path folder) throws Exception {
        CaseRunner.Outcome outcome = new CheckRunner(folder).run(file);

        CaseLayout layout = new CaseLayout(file);
        List<ExpectedFinding> expected = file.findings().stream()
                .map(finding -> finding.with(layout::real))
                .toList();
        assertThat(ExpectedFinding.differences(expected, outcome.findings())).isEmpty();
        assertThat(outcome.allowed()).as("allowed").isEqualTo(file.allowed());
    }
}
