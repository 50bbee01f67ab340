package dev.unroot.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case over HTTPS: enforced and audited at its level. */
class WebhookCasesTest {
    /** How many pieces of advice the audit log is told at most. */
    private static final int MOST_ADVICE = 3;

    private static WebhookRunner webhook;

    @BeforeAll
    static void start() throws Exception {
        webhook = new WebhookRunner();
    }

    @AfterAll
    static void stop() {
        webhook.close();
    }

    private static final Set<String> BETTER = Set.of("advice", "will-not-start");

    static List<CaseFile> cases() {
        return CaseFile.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isAnsweredAsItSays(CaseFile file, @TempDir Path folder) throws Exception {
        WebhookRunner.Answer answer = webhook.ask(file, folder);

        assertThat(answer.admitted()).as(answer.denial()).isEqualTo(file.admitted());
        List<ExpectedFinding> told = new PureRunner().run(file).findings();
        CaseLayout layout = new CaseLayout(file);
        told.stream()
                .filter(finding -> isAlwaysTold(finding, file.options()))
                .forEach(finding -> assertThat(answer.audits(finding.kind(), layout.real(finding.message())))
                        .as(finding.message())
                        .isTrue());
        long advice = told.stream()
                .filter(finding -> finding.kind().equals("advice"))
                .filter(finding -> answer.audits("advice", layout.real(finding.message())))
                .count();
        long expected =
                told.stream().filter(finding -> finding.kind().equals("advice")).count();
        assertThat(advice).isEqualTo(Math.min(expected, MOST_ADVICE));
        // What is counted as a violation is one: neither advice nor what its node will refuse makes the key.
        if (told.stream().allMatch(finding -> BETTER.contains(finding.kind()))) {
            assertThat(answer.hasViolations()).isFalse();
        }
        assertThat(answer.denial().isEmpty()).isEqualTo(file.admitted());
    }

    /** Advice has a limit, and what the operator allows by its cause is not told. */
    private static boolean isAlwaysTold(ExpectedFinding finding, CaseOptions options) {
        return switch (finding.kind()) {
            case "advice" -> false;
            case "unverified" -> options.onUnverified().equals("deny");
            default -> true;
        };
    }
}
