package dev.unroot.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.TestCommandLine;
import dev.unroot.webhook.WarmUp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Unroot's own pods: they pass what it asks of others, and the rest of the Pod Security Standard "restricted". */
class ChartPodTest {
    /** Volume types that "restricted" allows. */
    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    @TempDir
    private Path folder;

    static Stream<Path> matrix() {
        return Chart.matrix().stream();
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void passTheStrictestLevelWithoutALookup(Path values) throws Exception {
        Path manifest = Files.writeString(folder.resolve("rendered.yaml"), Chart.template(values));

        TestCommandLine.Result result = TestCommandLine.run(
                TestCommandLine.services(),
                "check",
                "-f",
                manifest.toString(),
                "--level",
                "explicit",
                "--offline",
                "--output",
                "json");

        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        JsonNode subjects = new ObjectMapper().readTree(result.out()).path("subjects");
        assertThat(subjects).isNotEmpty().allSatisfy(subject -> {
            assertThat(subject.path("allowed").asBoolean()).isTrue();
            assertThat(subject.path("findings")).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void passTheRestOfRestricted(Path values) {
        Rendered rendered = Rendered.parse(Chart.template(values));
        boolean hostNetwork = values.toString().contains("host-network");
        passesRestricted(rendered.one("Deployment").at("/spec/template/spec"), hostNetwork);
        if (!values.toString().contains("openshift")) {
            assertThat(rendered.one("Deployment")
                            .at("/spec/template/spec/securityContext/runAsUser")
                            .asInt())
                    .isEqualTo(65532);
        }
        List<JsonNode> jobs = rendered.hooks().stream()
                .filter(hook -> hook.at("/spec/containers").isArray()
                        || hook.at("/spec/template").isObject())
                .toList();
        assertThat(jobs).isNotEmpty();
        for (JsonNode job : jobs) {
            passesRestricted(job.at(job.path("kind").asText().equals("Pod") ? "/spec" : "/spec/template/spec"), false);
        }
    }

    private static void passesRestricted(JsonNode spec, boolean hostNetwork) {
        assertThat(spec.has("hostPID") || spec.has("hostIPC")).isFalse();
        assertThat(spec.path("hostNetwork").asBoolean()).isEqualTo(hostNetwork);
        assertThat(spec.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(spec.at("/securityContext/runAsUser").asInt(65532)).isEqualTo(65532);
        assertThat(spec.at("/securityContext").has("sysctls")).isFalse();
        for (JsonNode volume : spec.path("volumes")) {
            Set<String> types = new TreeSet<>();
            volume.fieldNames().forEachRemaining(types::add);
            types.remove("name");
            assertThat(VOLUMES).containsAll(types);
        }
        for (JsonNode port : spec.at("/containers/0/ports")) {
            assertThat(port.has("hostPort")).isFalse();
        }
    }

    @Test
    void writeNowhereButInTmp() {
        JsonNode container = Chart.render("").container();
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        List<JsonNode> writable = Rendered.elements(container.path("volumeMounts")).stream()
                .filter(mount -> !mount.path("readOnly").asBoolean())
                .toList();
        assertThat(writable)
                .singleElement()
                .satisfies(mount -> assertThat(mount.path("mountPath").asText()).isEqualTo("/tmp"));
    }

    /** A replica that warms up as long as it may is not taken for one that does not start, on a node that gives it little. */
    @Test
    void aStartHasMoreTimeThanItsWarmUpMayTake() {
        JsonNode probe = Chart.render("").container().path("startupProbe");
        Duration allowed = Duration.ofSeconds(probe.path("periodSeconds").asLong()
                * probe.path("failureThreshold").asLong());
        assertThat(allowed).isGreaterThanOrEqualTo(WarmUp.LONGEST.multipliedBy(4));
        assertThat(probe.at("/httpGet/path").asText()).isEqualTo("/healthz");
    }

    /** Only the pod that talks to the API server has a token. */
    @Test
    void tokenIsOnlyWhereItIsNeeded() {
        Rendered rendered = Chart.render("");
        assertThat(rendered.one("ServiceAccount")
                        .path("automountServiceAccountToken")
                        .asBoolean(true))
                .isFalse();
        assertThat(rendered.one("Deployment")
                        .at("/spec/template/spec/automountServiceAccountToken")
                        .asBoolean())
                .isTrue();
    }

    /** The Service's port, the container's, the argument and the probes are one port each. */
    @Test
    void portsAgree() {
        Rendered rendered = Chart.render("webhook: {port: 10443}\nmanagement: {port: 10080}\n");
        JsonNode container = rendered.container();
        assertThat(Rendered.texts(container.path("args"))).contains("--port=10443", "--management-port=10080");
        assertThat(container.path("ports").toString())
                .isEqualTo("[{\"name\":\"webhook\",\"containerPort\":10443},"
                        + "{\"name\":\"management\",\"containerPort\":10080}]");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("management");
        }
        assertThat(rendered.one("Service").at("/spec/ports/0/targetPort").asText())
                .isEqualTo("webhook");
        assertThat(rendered.one("Service").at("/spec/ports/1/targetPort").asText())
                .isEqualTo("management");
    }

    /** Some clusters refuse pods of the system's priority classes where no quota names the class. */
    @Test
    void aQuotaLetsPodsOfASystemPriorityClassIn() {
        for (String name : List.of("system-cluster-critical", "system-node-critical")) {
            Rendered rendered = Chart.render("priorityClassName: " + name + "\n");
            assertThat(rendered.one("Deployment")
                            .at("/spec/template/spec/priorityClassName")
                            .asText())
                    .isEqualTo(name);
            assertThat(rendered.one("ResourceQuota")
                            .at("/spec/scopeSelector/matchExpressions")
                            .toString())
                    .isEqualTo("[{\"scopeName\":\"PriorityClass\",\"operator\":\"In\",\"values\":[\"" + name + "\"]}]");
        }
        assertThat(Chart.render("priorityClassName: \"\"\n").all("ResourceQuota"))
                .isEmpty();
        assertThat(Chart.render("priorityClassName: ours\n").all("ResourceQuota"))
                .isEmpty();
    }

    /** The image has no Windows part; what a user adds comes on top. */
    @Test
    void runOnLinuxNodes() {
        Rendered rendered = Chart.render("uninstallJob: true\nnodeSelector: {pool: system}\n");
        List<JsonNode> selectors = Stream.concat(rendered.objects().stream(), rendered.hooks().stream())
                .flatMap(object -> object.findValues("nodeSelector").stream())
                .toList();
        assertThat(selectors)
                .hasSize(3)
                .allSatisfy(selector -> assertThat(selector.toString())
                        .isEqualTo("{\"kubernetes.io/os\":\"linux\",\"pool\":\"system\"}"));
    }

    @Test
    void anotherConfigurationMakesNewPods() {
        String annotation = "/spec/template/metadata/annotations/unroot.dev~1configuration";
        String before = Chart.render("").one("Deployment").at(annotation).asText();
        assertThat(before).hasSize(64);
        assertThat(Chart.render("mode: warn").one("Deployment").at(annotation).asText())
                .isNotEqualTo(before);
        assertThat(Chart.render("replicas: 5").one("Deployment").at(annotation).asText())
                .isEqualTo(before);
    }
}
