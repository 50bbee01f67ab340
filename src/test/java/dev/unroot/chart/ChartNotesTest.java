package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads after an install: what is enforced now, what Unroot does not replace, and what to type next. */
class ChartNotesTest {
    private static final String ONLY_LABELLED =
            "Only in namespaces with a label unroot.dev/enforce is anything denied.";

    @Test
    void anAuditDeniesNothingAndSaysWhereItsFindingsAre() {
        assertThat(Chart.notes("mode: audit\nlevel: hardened\n"))
                .contains(
                        "is in namespace unroot, with 2 replicas.",
                        ONLY_LABELLED,
                        "what level hardened would deny is noted in the API server's audit log.",
                        "kubectl label --dry-run=server --overwrite namespace NAME unroot.dev/enforce=nonroot\n",
                        "kubectl label --overwrite namespace NAME unroot.dev/enforce=nonroot\n",
                        "\nDo pods here pull private images with imagePullSecrets? Unroot reads none")
                .doesNotContain("now denied");
        assertThat(Chart.notes("pullSecrets: cluster\n")).doesNotContain("Do pods here pull");
        assertThat(Chart.notes("pullSecrets: {namespaces: [a]}\n")).doesNotContain("Do pods here pull");
    }

    @Test
    void warningsAreAnnounced() {
        assertThat(Chart.notes("mode: warn\nlevel: nonroot\n"))
                .contains(ONLY_LABELLED, "what level nonroot would deny is warned about, and noted in");
    }

    @Test
    void enforcingSaysWhatIsDeniedAndHowANamespaceGetsOut() {
        assertThat(Chart.notes("mode: enforce\nlevel: nonroot\n"))
                .contains(
                        "Pods below level nonroot are now denied in every namespace without a label"
                                + " unroot.dev/enforce.",
                        "kubectl label --overwrite namespace NAME unroot.dev/enforce=none\n",
                        "kubectl --namespace unroot rollout status deployment unroot\n")
                .doesNotContain(ONLY_LABELLED);
    }

    @Test
    void oneReplicaThatEnforcesIsToldOf() {
        String told = "There is one replica: whenever its pod is away, no pod is created in namespaces that enforce";
        assertThat(Chart.notes("replicas: 1\nmode: enforce\n")).contains("with 1 replica.\n", told);
        assertThat(Chart.notes("replicas: 1\nconfig: {floor: nonroot}\n")).contains(told);
        assertThat(Chart.notes("replicas: 1\n")).contains("with 1 replica.\n").doesNotContain(told);
        assertThat(Chart.notes("mode: enforce\n")).doesNotContain(told);
        assertThat(Chart.notes("replicas: 1\nmode: enforce\nautoscaling: {enabled: true}\n"))
                .contains("with 2 to 5 replicas.")
                .doesNotContain(told);
    }

    @Test
    void aFloorHoldsEverywhere() {
        assertThat(Chart.notes("config: {floor: nonroot}\n"))
                .contains("Pods below level nonroot are now denied in every namespace (config.floor).")
                .doesNotContain(ONLY_LABELLED, "unroot.dev/enforce=none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mode: audit", "mode: warn", "mode: enforce", "config: {floor: explicit}"})
    void alwaysSaysWhatItDoesNotReplaceAndHowToBeRidOfIt(String values) {
        assertThat(Chart.notes(values + "\nexcludedNamespaces: [cilium]\n"))
                .contains(
                        "It does not replace Pod\nSecurity Admission",
                        "Never sent to Unroot: kube-system, unroot, cilium.",
                        "kubectl delete validatingwebhookconfiguration unroot");
    }
}
