package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who reaches Unroot, and what it reaches: API servers are no pods, so nothing selects them. */
class ChartNetworkPolicyTest {
    private static final String DNS =
            "{\"ports\":[{\"port\":53,\"protocol\":\"UDP\"},{\"port\":53,\"protocol\":\"TCP\"}]}";

    private static JsonNode policy(String values) {
        return Chart.render(values).one("NetworkPolicy").path("spec");
    }

    @Test
    void holdsForUnrootsPodsInBothDirections() {
        Rendered rendered = Chart.render("");
        JsonNode policy = rendered.one("NetworkPolicy").path("spec");
        assertThat(rendered.one("Deployment")
                        .at("/spec/template/metadata/labels")
                        .properties())
                .containsAll(policy.at("/podSelector/matchLabels").properties());
        assertThat(Rendered.texts(policy.path("policyTypes"))).containsExactly("Ingress", "Egress");
        assertThat(Chart.render("networkPolicy: {enabled: false}\n").all("NetworkPolicy"))
                .isEmpty();
    }

    @Test
    void anybodyReachesTheTwoPortsAndNoOther() {
        assertThat(policy("").path("ingress").toString())
                .isEqualTo("[{\"ports\":[{\"port\":\"webhook\",\"protocol\":\"TCP\"}]},"
                        + "{\"ports\":[{\"port\":\"management\",\"protocol\":\"TCP\"}]}]");
    }

    /** The kubelet's probes come to the other port, from addresses that are no API server's. */
    @Test
    void whereApiServersAreKnownNobodyElseReachesTheWebhook() {
        List<JsonNode> ingress =
                Rendered.elements(policy("networkPolicy: {webhookCIDRs: [10.0.0.5/32, 'fd00::5/128']}\n")
                        .path("ingress"));
        assertThat(ingress.get(0).path("from").toString())
                .isEqualTo("[{\"ipBlock\":{\"cidr\":\"10.0.0.5/32\"}},{\"ipBlock\":{\"cidr\":\"fd00::5/128\"}}]");
        assertThat(ingress.get(1).has("from")).isFalse();
    }

    /** Registries and the API server may be anywhere, but not where clouds hand out credentials. */
    @Test
    void reachesNamesAndAnythingByTcpButLinkLocalAddresses() {
        List<JsonNode> egress = Rendered.elements(policy("").path("egress"));
        assertThat(egress).hasSize(2);
        assertThat(egress.get(0).toString()).isEqualTo(DNS);
        assertThat(egress.get(1).path("to").toString())
                .isEqualTo("[{\"ipBlock\":{\"cidr\":\"0.0.0.0/0\",\"except\":[\"169.254.0.0/16\"]}},"
                        + "{\"ipBlock\":{\"cidr\":\"::/0\",\"except\":[\"fe80::/10\"]}}]");
        assertThat(egress.get(1).path("ports").toString()).isEqualTo("[{\"protocol\":\"TCP\"}]");
    }

    @Test
    void reachesOnlyThePortsThatAreNamed() {
        List<JsonNode> egress =
                Rendered.elements(policy("networkPolicy: {egressPorts: [443, 6443], exceptCIDRs: [10.0.0.0/8]}\n")
                        .path("egress"));
        assertThat(egress.get(0).toString()).isEqualTo(DNS);
        assertThat(egress.get(1).path("ports").toString())
                .isEqualTo("[{\"port\":443,\"protocol\":\"TCP\"},{\"port\":6443,\"protocol\":\"TCP\"}]");
        assertThat(egress.get(1).path("to").toString())
                .isEqualTo("[{\"ipBlock\":{\"cidr\":\"0.0.0.0/0\",\"except\":[\"10.0.0.0/8\"]}},"
                        + "{\"ipBlock\":{\"cidr\":\"::/0\"}}]");
    }
}
