package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An outage of Unroot stops pods where something is enforced: no drained node, full zone or upgrade may be one. */
class ChartAvailabilityTest {
    private final Rendered standard = Chart.render("");

    private JsonNode podLabels(Rendered rendered) {
        return rendered.one("Deployment").at("/spec/template/metadata/labels");
    }

    @Test
    void thereAreTwoReplicasByDefault() {
        assertThat(standard.one("Deployment").at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(Chart.render("replicas: 5\n")
                        .one("Deployment")
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(5);
        assertThat(standard.one("Deployment")
                        .at("/spec/template/spec/priorityClassName")
                        .asText())
                .isEqualTo("system-cluster-critical");
    }

    /** A new pod has to be ready before an old one goes; on the nodes' network there may be no port for both. */
    @Test
    void anUpgradeTakesNoReplicaAway() {
        assertThat(standard.one("Deployment").at("/spec/strategy/rollingUpdate").toString())
                .isEqualTo("{\"maxSurge\":1,\"maxUnavailable\":0}");
        assertThat(Chart.render("hostNetwork: true\nwebhook: {port: 10443}\n")
                        .one("Deployment")
                        .at("/spec/strategy/rollingUpdate")
                        .toString())
                .isEqualTo("{\"maxSurge\":0,\"maxUnavailable\":1}");
    }

    @Test
    void drainedNodesTakeOneAtATime() {
        JsonNode budget = standard.one("PodDisruptionBudget").path("spec");
        assertThat(budget.path("maxUnavailable").asInt()).isEqualTo(1);
        assertThat(podLabels(standard).properties())
                .containsAll(budget.at("/selector/matchLabels").properties());
        assertThat(Chart.render("maxUnavailable: 3\n")
                        .one("PodDisruptionBudget")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(3);
        assertThat(Chart.render("maxUnavailable: 0\n").all("PodDisruptionBudget"))
                .isEmpty();
    }

    /** Where that is possible: with one node, both run on it. */
    @Test
    void theyAreSpreadOverNodesAndZones() {
        List<JsonNode> constraints =
                Rendered.elements(standard.one("Deployment").at("/spec/template/spec/topologySpreadConstraints"));
        assertThat(constraints)
                .extracting(constraint -> constraint.path("topologyKey").asText())
                .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
        assertThat(constraints).allSatisfy(constraint -> {
            assertThat(constraint.path("maxSkew").asInt()).isEqualTo(1);
            assertThat(constraint.path("whenUnsatisfiable").asText()).isEqualTo("ScheduleAnyway");
            assertThat(podLabels(standard).properties())
                    .containsAll(constraint.at("/labelSelector/matchLabels").properties());
        });
    }

    @Test
    void anAutoscalerIsOffUntilItIsAskedFor() {
        assertThat(standard.all("HorizontalPodAutoscaler")).isEmpty();

        Rendered rendered =
                Chart.render("autoscaling: {enabled: true, minReplicas: 3, maxReplicas: 9, targetCPU: 60}\n");

        // Each upgrade would set it back otherwise.
        assertThat(rendered.one("Deployment").path("spec").has("replicas")).isFalse();
        JsonNode autoscaler = rendered.one("HorizontalPodAutoscaler").path("spec");
        assertThat(autoscaler.path("scaleTargetRef").toString())
                .isEqualTo("{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"unroot\"}");
        assertThat(autoscaler.path("minReplicas").asInt()).isEqualTo(3);
        assertThat(autoscaler.path("maxReplicas").asInt()).isEqualTo(9);
        assertThat(autoscaler.at("/metrics/0/resource/name").asText()).isEqualTo("cpu");
        assertThat(autoscaler.at("/metrics/0/resource/target").toString())
                .isEqualTo("{\"type\":\"Utilization\",\"averageUtilization\":60}");
        // A share of what is requested: without a request there is nothing to scale by.
        assertThat(rendered.container().at("/resources/requests").has("cpu")).isTrue();
    }
}
