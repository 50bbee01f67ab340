package dev.unroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands that the chart's jobs run. */
class ClusterCommandsTest {
    private static final String DENIED =
            "admission webhook \"pods.enforce.unroot.dev\" denied the request: container \"probe\" runs as root.";

    private final FakeServices services = new FakeServices();

    @Test
    void probeExpectsUnrootsVerdict() {
        services.refusals = List.of(DENIED);

        Run run = Run.of(services, "probe", "--namespace", "trial");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("A pod that starts as root is denied, as it should be: " + DENIED + "\n");
        assertThat(services.closed).isEqualTo(1);
    }

    /** A young namespace has no ServiceAccount yet, and a webhook takes a moment to be called. */
    @Test
    void probeAsksAgainWhileTheAnswerIsAnother() {
        services.refusals = List.of("pods is forbidden: error looking up service account", "", DENIED);

        assertThat(Run.of(services, "probe", "--namespace", "trial").status()).isZero();

        assertThat(services.asked).isEqualTo(3);
    }

    @Test
    void probeSaysWhatIsWrong() {
        Run admitted = Run.of(services, "probe", "--namespace", "trial", "--timeout", "0s");
        assertThat(admitted.status()).isEqualTo(1);
        assertThat(admitted.err()).contains("would be admitted into namespace trial", "label unroot.dev/enforce");

        services.refusals = List.of("admission webhook \"other.example\" denied the request: no");
        Run other = Run.of(services, "probe", "--namespace", "trial", "--timeout", "0s");
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.err()).contains("but not by Unroot: admission webhook \"other.example\"");
    }

    @Test
    void probeNeedsANamespaceAndACluster() {
        assertThat(Run.of(services, "probe").status()).isEqualTo(2);
        assertThat(Run.of(services, "probe", "--namespace", "a", "--timeout", "soon")
                        .err())
                .contains("soon");
        services.refusal = new UsageException("no cluster");
        assertThat(Run.of(services, "probe", "--namespace", "a")).isEqualTo(new Run(2, "", "unroot: no cluster\n"));
    }

    @Test
    void withdrawDeletesTheWebhookConfiguration() {
        assertThat(Run.of(services, "withdraw", "unroot"))
                .isEqualTo(new Run(0, "ValidatingWebhookConfiguration unroot is deleted\n", ""));
        assertThat(services.withdrawn).isEqualTo("unroot");
        assertThat(Run.of(services, "withdraw", "missing").out()).contains("was not there");
        assertThat(Run.of(services, "withdraw").status()).isEqualTo(2);
    }

    /** They are for the chart: help lists what people use. */
    @Test
    void helpDoesNotListThem() {
        assertThat(Run.of(services, "--help").out()).contains("check").doesNotContain("probe", "withdraw");
    }
}
