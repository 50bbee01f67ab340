package dev.unroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.model.Account;
import dev.unroot.model.ImageUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditCommandTest {
    private static final String HARDENED =
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}";
    private static final String EXPLICIT =
            "securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}";

    private final FakeServices services = new FakeServices()
            .image("root:1", new ImageUser.Unset("", 0L))
            .image("user:1", new ImageUser.Numeric("1000", 1000L, 1000L))
            .image("named:1", new ImageUser.Named("app", new Account.Row(1000, 1000, true)))
            .image("lost:1", new ImageUser.Named("app", new Account.Missing()));

    private static String namespace(String name, String labels) {
        return "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + ", labels: {" + labels + "}}\n";
    }

    private static String deployment(String namespace, String name, String image, String context) {
        return """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %s, namespace: %s}
            spec: {template: {spec: {containers: [{name: app, image: "%s", %s}]}}}
            """.formatted(name, namespace, image, context);
    }

    private static final String CLUSTER = String.join(
            "---\n",
            namespace("done", "unroot.dev/enforce: explicit"),
            deployment("done", "a", "user:1", EXPLICIT),
            namespace("empty", ""),
            namespace("ready", "unroot.dev/enforce: nonroot"),
            deployment("ready", "a", "user:1", HARDENED),
            namespace("shop", ""),
            deployment("shop", "api", "root:1", ""),
            deployment("shop", "cache", "lost:1", ""),
            deployment("shop", "gone", "gone:1", ""),
            deployment("shop", "web", "root:1", HARDENED),
            deployment("shop", "worker", "user:1", ""));

    private Run audit(String... more) {
        List<String> arguments = new ArrayList<>(List.of("audit", "--from", "-"));
        arguments.addAll(List.of(more));
        return Run.withInput(services, CLUSTER, arguments.toArray(String[]::new));
    }

    @Test
    void printsALineForEachNamespaceWithTheStepThatHelpsMost() {
        Run run = audit();

        assertThat(run.out()).isEqualTo("""
            NAMESPACE  WORKLOADS  NONROOT  HARDENED  EXPLICIT  NEXT
            done       1          1/1      1/1       1/1       nothing: it enforces all there is
            empty      0          0/0      0/0       0/0       nothing: no workload is in it
            ready      1          1/1      1/1       0/1       label unroot.dev/enforce=hardened
            shop       5          1/5      0/5       0/5       image root:1: Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with (2 of 5 workloads, for nonroot)

            at nonroot: 3 ready, 2 would be denied, 1 will not start, 1 not verified
            """);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
    }

    @Test
    void printsTheImagesThatMostWaitFor() {
        assertThat(audit("--by", "image").out()).isEqualTo("""
            WORKLOADS  VERDICT         USER  UID  IMAGE
            2          root            -     0    root:1
            1          unverified      -     -    gone:1
            1          will-not-start  app   -    lost:1

            at nonroot: 3 ready, 2 would be denied, 1 will not start, 1 not verified
            """);
    }

    @Test
    void printsWhatItsPageShows() throws IOException {
        assertThat(Files.readString(Path.of("docs/audit.md")))
                .contains(audit().out())
                .contains(audit("--by", "image").out())
                .contains(audit("--by", "cause", "--level", "hardened").out());
    }

    @Test
    void printsWhatStandsInTheWayOfEachWorkload() {
        assertThat(audit("--by", "workload", "-n", "shop").out()).isEqualTo("""
            denied  Deployment shop/api (0 pods)
              container "app" runs as root: image docker.io/library/root:1 sets no USER [imageUser]
                → Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with.

            will not start  Deployment shop/cache (0 pods)
              container "app" will not start: image docker.io/library/lost:1 has USER "app", which its /etc/passwd does not list [imageUser]
                → Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with.

            not verified  Deployment shop/gone (0 pods)
              container "app" could not be verified: registry docker.io has no image docker.io/library/gone:1 [imageUser]
                → Check the image's name and tag, or set runAsNonRoot: true and no lookup is needed.

            denied  Deployment shop/web (0 pods)
              container "app" runs as root: image docker.io/library/root:1 sets no USER [imageUser]
                → Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it works with.

            at nonroot: 1 ready, 2 would be denied, 1 will not start, 1 not verified
            """);
    }

    @Test
    void printsTheCausesByHowManyWorkloadsHaveThem() {
        assertThat(audit("--by", "cause", "--level", "hardened").out()).isEqualTo("""
            WORKLOADS  CAUSE
            4          allowPrivilegeEscalation (violation)
            4          capabilities (violation)
            2          imageUser (violation)

            at hardened: 2 ready, 5 would be denied, 0 will not start, 0 not verified
            """);
    }

    @Test
    void writesAllOfItForPrograms() throws IOException {
        JsonNode report = audit("--output", "json").json();

        assertThat(report.get("apiVersion").textValue()).isEqualTo("unroot.dev/v1");
        assertThat(report.get("kind").textValue()).isEqualTo("AuditReport");
        assertThat(java.time.Instant.parse(report.get("generated").textValue()))
                .isBeforeOrEqualTo(java.time.Instant.now());
        JsonNode shop = report.get("namespaces").get(3);
        assertThat(shop.get("name").textValue()).isEqualTo("shop");
        assertThat(shop.get("levels").get("nonroot").toString())
                .isEqualTo("{\"ready\":1,\"denied\":2,\"willNotStart\":1,\"notVerified\":1}");
        JsonNode ready = report.get("workloads").get(1);
        assertThat(ready.get("states").toString())
                .isEqualTo("{\"nonroot\":\"ready\",\"hardened\":\"ready\",\"explicit\":\"denied\"}");
        assertThat(ready.get("findings")).anySatisfy(finding -> {
            assertThat(finding.get("level").textValue()).isEqualTo("explicit");
            assertThat(finding.get("check").textValue()).isEqualTo("runAsNonRoot");
        });
        assertThat(report.get("images").get(0).toString())
                .isEqualTo("{\"image\":\"root:1\",\"digest\":\"" + FakeServices.DIGEST
                        + "\",\"workloads\":2,\"uid\":0,\"verdict\":\"root\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "done, violation, 0",
        "ready, will-not-start, 0",
        "shop, violation, 1",
        "shop, unverified, 1",
    })
    void failsOnWhatItIsToldTo(String namespace, String failOn, int status) {
        assertThat(audit("-n", namespace, "--fail-on", failOn).status()).isEqualTo(status);
    }

    /** What is less bad than what it was told to fail on lets it pass. */
    @Test
    void doesNotFailOnLess() {
        String input = deployment("shop", "cache", "lost:1", "");

        assertThat(Run.withInput(services, input, "audit", "--from", "-", "--fail-on", "unverified")
                        .status())
                .isZero();
        assertThat(Run.withInput(services, input, "audit", "--from", "-", "--fail-on", "will-not-start")
                        .status())
                .isEqualTo(1);
    }

    @Test
    void exemptNamespacesAreInNoState() throws IOException {
        services.exemptNamespace("shop");
        Run run = audit("--output", "json");

        JsonNode shop = run.json().get("namespaces").get(3);
        assertThat(shop.get("exempt").intValue()).isEqualTo(5);
        assertThat(shop.get("levels").get("nonroot").toString())
                .isEqualTo("{\"ready\":0,\"denied\":0,\"willNotStart\":0,\"notVerified\":0}");
        assertThat(audit().out()).contains("at nonroot: 2 ready, 0 would be denied", ", 5 exempt\n");
    }

    @Test
    void whatCannotBeReadIsAnErrorAndTheRestIsTold() {
        Run run = Run.withInput(
                services,
                CLUSTER + "---\napiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: 7}\n",
                "audit",
                "--from",
                "-");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("spec.containers must be a list");
        assertThat(run.out()).contains("at nonroot: 3 ready");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--level none | --level none requires nothing: write nonroot, hardened or explicit",
                "--by owner | write namespace, image, workload or cause",
                "--fail-on root | write violation, unverified or will-not-start",
                "--offline --images x | --offline and --images exclude each other",
                "--from - | --from - can be given once",
            })
    void saysWhatIsWrongWithHowItIsCalled(String arguments, String complaint) {
        Run run = audit(arguments.split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(complaint);
    }

    @Test
    void namesCannotDriveATerminal() {
        String input = deployment("shop", "\"a\\e[31mb\"", "root:1", "");

        for (String by : List.of("namespace", "image", "workload", "cause")) {
            assertThat(Run.withInput(services, input, "audit", "--from", "-", "--by", by)
                            .out())
                    .doesNotContain("\u001b");
        }
    }

    /** 2,000 pods of 150 owners in 20 namespaces come to what a count beside it comes to. */
    @Test
    void addsUpToAnIndependentCount() throws IOException {
        Random random = new Random(7);
        List<String> images = List.of("root:1", "user:1", "lost:1", "gone:1");
        Map<String, int[]> expected = new TreeMap<>();
        List<String> objects = new ArrayList<>();
        int[] replicas = new int[150];
        for (int owner = 0; owner < 150; owner++) {
            String namespace = "n" + owner % 20;
            int image = random.nextInt(images.size());
            expected.computeIfAbsent(namespace, name -> new int[images.size()])[image]++;
            objects.add(deployment(namespace, "d" + owner, images.get(image), ""));
            objects.add("""
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata: {name: r%1$d, namespace: %2$s, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: d%1$d, controller: true}]}
                spec: {template: {spec: {containers: [{name: app, image: "%3$s"}]}}}
                """.formatted(owner, namespace, images.get(image)));
            int pods = owner == 149 ? 2000 - java.util.Arrays.stream(replicas).sum() : 5 + random.nextInt(16);
            replicas[owner] = pods;
            for (int pod = 0; pod < pods; pod++) {
                objects.add("""
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: p%1$d-%4$d, namespace: %2$s, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: r%1$d, controller: true}]}
                    spec: {containers: [{name: app, image: "%3$s"}]}
                    status: {phase: Running}
                    """.formatted(owner, namespace, images.get(image), pod));
            }
        }
        java.util.Collections.shuffle(objects, random);

        JsonNode report = Run.withInput(
                        services, String.join("---\n", objects), "audit", "--from", "-", "--output", "json")
                .json();

        assertThat(report.get("namespaces")).hasSize(20).allSatisfy(namespace -> {
            int[] counts = expected.get(namespace.get("name").textValue());
            JsonNode levels = namespace.get("levels").get("nonroot");
            assertThat(levels.get("denied").intValue()).isEqualTo(counts[0]);
            assertThat(levels.get("ready").intValue()).isEqualTo(counts[1]);
            assertThat(levels.get("willNotStart").intValue()).isEqualTo(counts[2]);
            assertThat(levels.get("notVerified").intValue()).isEqualTo(counts[3]);
        });
        assertThat(report.get("workloads"))
                .hasSize(150)
                .allSatisfy(workload -> assertThat(workload.get("replicas").intValue())
                        .isEqualTo(replicas[
                                Integer.parseInt(
                                        workload.get("name").textValue().substring(1))]));
    }
}
