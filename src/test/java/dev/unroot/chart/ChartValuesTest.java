package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user sets arrives where Kubernetes looks for it, and is not there where nobody set it. */
class ChartValuesTest {
    private static final String POD = "/spec/template/spec";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "affinity: {nodeAffinity: {a: b}}                    | /affinity                             | {\"nodeAffinity\":{\"a\":\"b\"}}",
                "tolerations: [{key: dedicated}]                     | /tolerations                          | [{\"key\":\"dedicated\"}]",
                "topologySpreadConstraints: [{maxSkew: 2}]           | /topologySpreadConstraints            | [{\"maxSkew\":2}]",
                "priorityClassName: ours                             | /priorityClassName                    | \"ours\"",
                "terminationGracePeriodSeconds: 77                   | /terminationGracePeriodSeconds        | 77",
                "image: {repository: r.example/u, pullSecrets: [{name: pull}]} | /imagePullSecrets           | [{\"name\":\"pull\"}]",
                "image: {repository: r.example/u, pullPolicy: Always} | /containers/0/imagePullPolicy        | \"Always\"",
                "resources: {limits: {memory: 1Gi}, requests: null}  | /containers/0/resources               | {\"limits\":{\"memory\":\"1Gi\"}}",
                "extraEnv: [{name: A, value: b}]                     | /containers/0/env                     | [{\"name\":\"A\",\"value\":\"b\"}]",
                "{image: {repository: r.example/u}, extraInitContainers: [{name: first, image: b}]} | /initContainers | [{\"name\":\"first\",\"image\":\"b\"}]",
                "{image: {repository: r.example/u}, extraContainers: [{name: beside, image: b}]} | /containers/1 | {\"name\":\"beside\",\"image\":\"b\"}",
                "hostNetwork: true                                   | /hostNetwork                          | true",
                // Otherwise the pod would ask the node's resolver, which knows no Service.
                "hostNetwork: true                                   | /dnsPolicy                            | \"ClusterFirstWithHostNet\"",
            })
    void reachesThePod(String values, String path, String expected) throws Exception {
        JsonNode wanted = new ObjectMapper().readTree(expected);
        assertThat(Chart.render(values).one("Deployment").at(POD + path)).isEqualTo(wanted);
        assertThat(Chart.render("").one("Deployment").at(POD + path)).isNotEqualTo(wanted);
    }

    @Test
    void volumesAndMountsAreAddedToTheChartsOwn() {
        Rendered rendered = Chart.render("""
                extraVolumes: [{name: registry-ca, configMap: {name: registry-ca}}]
                extraVolumeMounts: [{name: registry-ca, mountPath: /etc/registry-ca}]
                """);

        assertThat(names(rendered.one("Deployment").at(POD + "/volumes")))
                .containsExactly("configuration", "tmp", "registry-ca");
        assertThat(names(rendered.container().path("volumeMounts")))
                .containsExactly("configuration", "tmp", "registry-ca");
    }

    private static List<String> names(JsonNode array) {
        return Rendered.elements(array).stream()
                .map(element -> element.path("name").asText())
                .toList();
    }

    @Test
    void labelsAndAnnotationsAreAddedToTheChartsOwn() {
        Rendered rendered = Chart.render("""
                podLabels: {team: platform}
                podAnnotations: {example.org/scrape: "true"}
                serviceAccount: {annotations: {example.org/role: reader}}
                """);

        JsonNode template = rendered.one("Deployment").at("/spec/template/metadata");
        assertThat(template.at("/labels/team").asText()).isEqualTo("platform");
        assertThat(template.at("/annotations/example.org~1scrape").asText()).isEqualTo("true");
        assertThat(template.path("annotations").has("unroot.dev/configuration")).isTrue();
        for (JsonNode selector : List.of(
                rendered.one("Deployment").at("/spec/selector/matchLabels"),
                rendered.one("Service").at("/spec/selector"))) {
            assertThat(template.path("labels").properties()).containsAll(selector.properties());
        }
        // Workload identities of clouds are bound by it.
        assertThat(rendered.one("ServiceAccount").at("/metadata/annotations").toString())
                .isEqualTo("{\"example.org/role\":\"reader\"}");
        assertThat(Chart.render("").one("ServiceAccount").path("metadata").has("annotations"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{repository: r.example/u}                  | r.example/u:",
                "{repository: r.example/u, tag: '1.2'}      | r.example/u:1.2",
                "{repository: 'r.example:5000/u', tag: '2'} | r.example:5000/u:2",
            })
    void theImageIsTheOneThatIsNamed(String image, String expected) {
        String version = expected.endsWith(":") ? Chart.version() : "";
        String digest = "sha256:" + "0".repeat(64);
        assertThat(Chart.render("image: " + image).container().path("image").asText())
                .isEqualTo(expected + version);
        assertThat(Chart.render("image: " + image.replace("}", ", digest: '" + digest + "'}"))
                        .container()
                        .path("image")
                        .asText())
                .isEqualTo(expected + version + "@" + digest);
    }

    /** Every object is named after one value, and what refers to another finds it. */
    @Test
    void anotherNameIsEveryObjects() {
        Rendered rendered = Chart.render("fullnameOverride: users\n");
        assertThat(rendered.objects())
                .extracting(object -> object.at("/metadata/name").asText())
                .allMatch(name -> name.equals("users") || name.startsWith("users-"));
        assertThat(rendered.one("Deployment").at(POD + "/serviceAccountName").asText())
                .isEqualTo("users");
        assertThat(rendered.webhooks())
                .allSatisfy(webhook -> assertThat(
                                webhook.at("/clientConfig/service/name").asText())
                        .isEqualTo("users"));
        assertThat(rendered.configuration())
                .contains("service: users", "secret: users-certificate", "webhookConfiguration: users");
    }
}
