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
                "extraEnvFrom: [{secretRef: {name: a}}]              | /containers/0/envFrom                 | [{\"secretRef\":{\"name\":\"a\"}}]",
                "runtimeClassName: gvisor                            | /runtimeClassName                     | \"gvisor\"",
                "dnsPolicy: Default                                  | /dnsPolicy                            | \"Default\"",
                "{image: {repository: r.example/u}, hostNetwork: true, dnsPolicy: Default} | /dnsPolicy      | \"Default\"",
                "dnsConfig: {searches: [a.example]}                  | /dnsConfig                            | {\"searches\":[\"a.example\"]}",
                "hostAliases: [{ip: 10.0.0.7, hostnames: [a]}]       | /hostAliases                          | [{\"ip\":\"10.0.0.7\",\"hostnames\":[\"a\"]}]",
                "serviceAccount: {create: false, name: ours}         | /serviceAccountName                   | \"ours\"",
                "logLevel: debug                                     | /containers/0/env                     | [{\"name\":\"UNROOT_LOG_LEVEL\",\"value\":\"debug\"}]",
                "securityContext: {runAsUser: 7}                      | /containers/0/securityContext/runAsUser | 7",
                "podSecurityContext: {supplementalGroups: [7]}       | /securityContext/supplementalGroups   | [7]",
                "{global: {imagePullSecrets: [a, {name: b}]}, image: {repository: r.example/u, pullSecrets: [{name: a}]}} | /imagePullSecrets | [{\"name\":\"a\"},{\"name\":\"b\"}]",
                // Otherwise the pod would ask the node's resolver, which knows no Service.
                "hostNetwork: true                                   | /dnsPolicy                            | \"ClusterFirstWithHostNet\"",
            })
    void reachesThePod(String values, String path, String expected) throws Exception {
        JsonNode wanted = new ObjectMapper().readTree(expected);
        assertThat(Chart.render(values).one("Deployment").at(POD + path)).isEqualTo(wanted);
        assertThat(Chart.render("").one("Deployment").at(POD + path)).isNotEqualTo(wanted);
    }

    /** OpenShift refuses pods that choose their users; the certificate must then be readable to whichever it is. */
    @Test
    void usersAreLeftToTheClusterWhereTheyAreTakenAway() {
        String none = "podSecurityContext: {runAsUser: null, runAsGroup: null, fsGroup: null}\n";
        Rendered rendered = Chart.render(none + "uninstallJob: true\ncertificates: {source: cert-manager}\n");
        String expected = "{\"runAsNonRoot\":true,\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}";
        assertThat(rendered.one("Deployment").at(POD + "/securityContext")).hasToString(expected);
        assertThat(rendered.one("Deployment")
                        .at(POD + "/volumes/2/secret/defaultMode")
                        .asInt())
                .isEqualTo(0444);
        assertThat(Chart.render("certificates: {source: cert-manager}\n")
                        .one("Deployment")
                        .at(POD + "/volumes/2/secret/defaultMode")
                        .asInt())
                .isEqualTo(0440);
        assertThat(rendered.hooks())
                .filteredOn(hook -> hook.path("kind").asText().equals("Job"))
                .singleElement()
                .satisfies(job -> assertThat(job.at(POD + "/securityContext")).hasToString(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "registry.example/team/unroot | mirror.example:5000/c | mirror.example:5000/c/team/unroot",
                "registry.example:5000/unroot | mirror.example/       | mirror.example/unroot",
                "localhost/unroot             | mirror.example        | mirror.example/unroot",
                "team/unroot                  | mirror.example        | mirror.example/team/unroot",
                "unroot                       | mirror.example        | mirror.example/unroot",
                "registry.example/unroot      | ''                    | registry.example/unroot",
            })
    void anUmbrellasRegistryTakesThePlaceOfTheImages(String repository, String registry, String expected) {
        Rendered rendered = Chart.render("image: {repository: '" + repository + "', tag: '1'}\nuninstallJob: true\n"
                + "global: {imageRegistry: '" + registry + "', storageClass: fast}\n");
        assertThat(rendered.container().path("image").asText()).isEqualTo(expected + ":1");
        assertThat(rendered.hooks())
                .filteredOn(hook -> hook.path("kind").asText().equals("Job"))
                .allSatisfy(job ->
                        assertThat(job.at(POD + "/containers/0/image").asText()).isEqualTo(expected + ":1"));
    }

    @Test
    void commonLabelsAreOnEveryObjectAndSelectNothing() {
        Rendered rendered = Chart.render("""
                commonLabels: {team: platform, tier: low}
                podLabels: {tier: high}
                webhook: {labels: {tier: webhook}, annotations: {admissions.enforcer/disabled: "true"}}
                nameOverride: users
                certificates: {source: cert-manager}
                pullSecrets: {namespaces: [shop]}
                serviceMonitor: {enabled: true}
                prometheusRule: {enabled: true}
                dashboard: {enabled: true}
                uninstallJob: true
                """);
        assertThat(rendered.objects()).hasSizeGreaterThan(15);
        assertThat(rendered.objects())
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/labels/team").asText()).isEqualTo("platform"));
        assertThat(rendered.hooks())
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/labels/team").asText()).isEqualTo("platform"));
        JsonNode template = rendered.one("Deployment").at("/spec/template/metadata/labels");
        assertThat(template.path("tier").asText()).isEqualTo("high");
        assertThat(template.path("app.kubernetes.io/name").asText()).isEqualTo("users");
        assertThat(rendered.one("Service").at("/spec/selector").toString())
                .isEqualTo("{\"app.kubernetes.io/name\":\"users\",\"app.kubernetes.io/instance\":\"unroot\"}");
        JsonNode webhooks = rendered.one("ValidatingWebhookConfiguration").path("metadata");
        assertThat(webhooks.at("/labels/tier").asText()).isEqualTo("webhook");
        assertThat(webhooks.path("annotations").toString())
                .isEqualTo(
                        "{\"cert-manager.io/inject-ca-from\":\"unroot/unroot\",\"admissions.enforcer/disabled\":\"true\"}");
    }

    @Test
    void rolesAndAccountsCanBeSomebodyElses() {
        Rendered rendered = Chart.render("rbac: {create: false}\nserviceAccount: {create: false, name: ours}\n"
                + "pullSecrets: {namespaces: [shop]}\n");
        assertThat(rendered.objects())
                .extracting(object -> object.path("kind").asText())
                .doesNotContain("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ServiceAccount");
        assertThat(Chart.render("serviceAccount: {create: false, name: ours}\n")
                        .one("ClusterRoleBinding")
                        .at("/subjects/0/name")
                        .asText())
                .isEqualTo("ours");
        assertThat(Chart.render("serviceAccount: {name: ours}\n")
                        .one("ServiceAccount")
                        .at("/metadata/name")
                        .asText())
                .isEqualTo("ours");
    }

    @Test
    void whatMonitoringReadsCanBeWhereItLooks() {
        Rendered rendered = Chart.render("""
                serviceMonitor:
                  {enabled: true, namespace: watching, scrapeTimeout: 7s, relabelings: [{action: drop}], metricRelabelings: [{regex: a}]}
                prometheusRule: {enabled: true, namespace: watching}
                dashboard: {enabled: true, namespace: watching}
                service: {annotations: {a: b}}
                extraObjects: [{apiVersion: v1, kind: Pod, metadata: {name: mine}}]
                """);
        JsonNode monitor = rendered.one("ServiceMonitor");
        assertThat(monitor.at("/metadata/namespace").asText()).isEqualTo("watching");
        assertThat(monitor.at("/spec/namespaceSelector").toString()).isEqualTo("{\"matchNames\":[\"unroot\"]}");
        assertThat(monitor.at("/spec/endpoints/0").toString())
                .contains(
                        "\"scrapeTimeout\":\"7s\"",
                        "\"relabelings\":[{\"action\":\"drop\"}]",
                        "\"metricRelabelings\":[{\"regex\":\"a\"}]");
        assertThat(rendered.one("PrometheusRule").at("/metadata/namespace").asText())
                .isEqualTo("watching");
        assertThat(rendered.all("ConfigMap"))
                .extracting(map -> map.at("/metadata/namespace").asText())
                .containsExactlyInAnyOrder("unroot", "watching");
        assertThat(rendered.one("Service").at("/metadata/annotations/a").asText())
                .isEqualTo("b");
        assertThat(rendered.one("Pod").at("/metadata/name").asText()).isEqualTo("mine");
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
