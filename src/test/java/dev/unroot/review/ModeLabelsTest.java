package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Level;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModeLabelsTest {
    private static final Modes DEFAULTS = new Modes(Level.NONE, Level.HARDENED, Level.EXPLICIT);

    @Test
    void withoutLabelsTheDefaultsAreInForce() {
        assertThat(ModeLabels.read(Map.of(), DEFAULTS, Level.NONE)).isEqualTo(new ModeLabels.Reading(DEFAULTS, null));
    }

    @Test
    void eachLabelReplacesItsDefault() {
        Map<String, String> labels = Map.of("unroot.dev/enforce", "nonroot", "unroot.dev/audit", "none");

        assertThat(ModeLabels.read(labels, DEFAULTS, Level.NONE).modes())
                .isEqualTo(new Modes(Level.NONROOT, Level.HARDENED, Level.NONE));
    }

    @Test
    void theFloorRaisesEnforceAndNothingElse() {
        Map<String, String> labels =
                Map.of("unroot.dev/enforce", "none", "unroot.dev/warn", "none", "unroot.dev/audit", "none");

        assertThat(ModeLabels.read(labels, DEFAULTS, Level.NONROOT).modes())
                .isEqualTo(new Modes(Level.NONROOT, Level.NONE, Level.NONE));
        assertThat(ModeLabels.read(Map.of("unroot.dev/enforce", "explicit"), DEFAULTS, Level.NONROOT)
                        .modes()
                        .enforce())
                .isEqualTo(Level.EXPLICIT);
        assertThat(ModeLabels.read(Map.of(), DEFAULTS, Level.HARDENED).modes().enforce())
                .isEqualTo(Level.HARDENED);
    }

    @Test
    void aTypingErrorOpensNothingAndFloodsNobody() {
        Map<String, String> labels =
                Map.of("unroot.dev/enforce", "nonrot", "unroot.dev/warn", "Hardened", "unroot.dev/audit", "");
        ModeLabels.Reading reading = ModeLabels.read(labels, DEFAULTS, Level.NONE);

        assertThat(reading.modes()).isEqualTo(new Modes(Level.EXPLICIT, Level.NONE, Level.NONE));
        assertThat(reading.error())
                .isEqualTo("label unroot.dev/enforce is \"nonrot\", which is no level: write none, nonroot, hardened or"
                        + " explicit; it reads as explicit; label unroot.dev/warn is \"Hardened\", which is no level:"
                        + " write none, nonroot, hardened or explicit; it reads as none; label unroot.dev/audit is"
                        + " \"\", which is no level: write none, nonroot, hardened or explicit; it reads as none");
    }

    @Test
    void onlyAnErrorThatIsNewIsIntroduced() {
        Map<String, String> bad = Map.of("unroot.dev/enforce", "strict");

        assertThat(ModeLabels.introducedErrors(bad, Map.of())).hasSize(1);
        assertThat(ModeLabels.introducedErrors(bad, Map.of("unroot.dev/enforce", "nonroot")))
                .hasSize(1);
        assertThat(ModeLabels.introducedErrors(bad, Map.of("unroot.dev/enforce", "stricter")))
                .hasSize(1);
        assertThat(ModeLabels.introducedErrors(bad, bad)).isEmpty();
        assertThat(ModeLabels.introducedErrors(Map.of("unroot.dev/enforce", "nonroot"), bad))
                .isEmpty();
        assertThat(ModeLabels.introducedErrors(Map.of(), bad)).isEmpty();
    }

    @Test
    void otherLabelsUnderThePrefixAreUnknown() {
        Map<String, String> labels = Map.of(
                "unroot.dev/enforced", "nonroot",
                "unroot.dev/enforce-version", "latest",
                "unroot.dev/warn", "nonroot",
                "team", "blue");

        assertThat(ModeLabels.unknown(labels)).containsExactly("unroot.dev/enforce-version", "unroot.dev/enforced");
    }
}
