package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Prometheus and Grafana find what the chart has for them, where somebody asks for it. */
class ChartMonitoringTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Chart.FOLDER.resolve("monitoring");

    private final Rendered rendered = Chart.render("""
            serviceMonitor: {enabled: true, interval: 15s, labels: {release: prometheus}}
            prometheusRule: {enabled: true, labels: {release: prometheus}}
            dashboard: {enabled: true}
            """);

    @Test
    void isOffUntilItIsAskedFor() {
        Rendered standard = Chart.render("");
        assertThat(standard.all("ServiceMonitor")).isEmpty();
        assertThat(standard.all("PrometheusRule")).isEmpty();
        assertThat(standard.all("ConfigMap")).hasSize(1);
    }

    @Test
    void everyReplicaIsScraped() {
        JsonNode monitor = rendered.one("ServiceMonitor");
        assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        assertThat(monitor.at("/spec/endpoints").toString())
                .isEqualTo("[{\"port\":\"management\",\"path\":\"/metrics\",\"interval\":\"15s\"}]");
        JsonNode service = rendered.one("Service");
        assertThat(service.at("/metadata/labels").properties())
                .containsAll(monitor.at("/spec/selector/matchLabels").properties());
        assertThat(Rendered.elements(service.at("/spec/ports")))
                .filteredOn(port -> port.path("name").asText().equals("management"))
                .singleElement()
                .satisfies(port -> assertThat(port.path("targetPort").asText()).isEqualTo("management"));
    }

    @Test
    void theAlertsAreTheOnesOfTheFile() throws IOException {
        JsonNode rule = rendered.one("PrometheusRule");
        assertThat(rule.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        assertThat(rule.at("/spec/groups")).hasSize(1);
        assertThat(rule.at("/spec/groups/0/rules")).isNotEmpty().isEqualTo(Chart.yaml(FOLDER.resolve("alerts.yaml")));
    }

    @Test
    void theDashboardIsTheOneOfTheFile() throws IOException {
        JsonNode map = rendered.all("ConfigMap").stream()
                .filter(object -> object.at("/metadata/name").asText().equals("unroot-dashboard"))
                .findFirst()
                .orElseThrow();
        assertThat(map.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
        assertThat(JSON.readTree(map.at("/data/unroot.json").asText()))
                .isEqualTo(JSON.readTree(FOLDER.resolve("dashboard.json").toFile()));
    }
}
