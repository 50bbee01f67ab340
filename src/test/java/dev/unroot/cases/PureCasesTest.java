package dev.unroot.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case, judged without a file, a server or a registry. */
class PureCasesTest {
    private final CaseRunner runner = new PureRunner();

    static List<CaseFile> cases() {
        return CaseFile.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isJudgedAsItSays(CaseFile file) throws Exception {
        CaseRunner.Outcome outcome = runner.run(file);

        assertThat(outcome.findings()).isNotNull();
        assertThat(ExpectedFinding.differences(file.findings(), outcome.findings()))
                .isEmpty();
        assertThat(outcome.allowed()).as("allowed").isEqualTo(file.allowed());
    }
}
