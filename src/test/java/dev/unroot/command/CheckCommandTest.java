package dev.unroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.model.Account;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Level;
import dev.unroot.review.OnUnverified;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckCommandTest {
    private static final String POD = """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: shop}
        spec: {containers: [{name: app, image: "%s"}]}
        """;

    @TempDir
    Path directory;

    private final FakeServices services = new FakeServices()
            .image("root:1", new ImageUser.Unset("", 0L))
            .image("user:1", new ImageUser.Numeric("1000", 1000L, 1000L))
            .image("named:1", new ImageUser.Named("app", new Account.Row(1000, 1000, true)))
            .image("lost:1", new ImageUser.Named("app", new Account.Missing()));

    private String dir;

    @BeforeEach
    void nameDirectory() {
        dir = directory.toString();
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private Path copy(String name) throws IOException {
        try (InputStream in = CheckCommandTest.class.getResourceAsStream("/command/" + name)) {
            Path file = directory.resolve(name);
            Files.copy(in, file);
            return file;
        }
    }

    private Run check(String pod, String... more) throws IOException {
        List<String> arguments = new java.util.ArrayList<>(
                List.of("check", "-f", write("pod.yaml", pod).toString()));
        arguments.addAll(List.of(more));
        return Run.of(services, arguments.toArray(String[]::new));
    }

    @Test
    void printsAReportForPeople() throws IOException {
        copy("manifests.yaml");
        Run run = Run.of(services, "check", "-f", dir);
        run.printed("check.txt", dir);
        assertThat(run.err().replace(dir, "DIR")).isEqualTo("""
            DIR/manifests.yaml:59: spec.containers[0].securityContext.runAsUser must be a whole number, not the text "0"
            """);
        assertThat(run.status()).isEqualTo(2);
    }

    @Test
    void coloursItOnATerminal() throws IOException {
        copy("manifests.yaml");
        Run run = Run.on(services, "", true, "check", "-f", dir);
        assertThat(run.out().replace("\u001b", "ESC").replace(dir, "DIR"))
                .contains("ESC[1;31mdenied ESC[0m  DIR")
                .contains("ESC[32mallowedESC[0m  DIR")
                .contains("    ESC[1;31mviolation     ESC[0m  runs as root")
                .contains("    ESC[33mwill-not-startESC[0m  ");
        assertThat(run.out().lines().filter(line -> line.contains("advice")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).startsWith("\u001b[2m").endsWith("\u001b[0m"));
    }

    @Test
    void printsAReportForPrograms() throws IOException {
        copy("manifests.yaml");
        Run run = Run.of(services, "check", "-f", dir, "--output", "json");
        run.printed("check.json", dir);
        assertThat(run.status()).isEqualTo(2);
        JsonNode report = run.json();
        assertThat(report.get("kind").textValue()).isEqualTo("CheckReport");
        assertThat(report.get("subjects")).hasSize(5);
        assertThat(report.get("errors")).hasSize(1);
    }

    @Test
    void theExitStatusIsTheWorstThatHappened() throws IOException {
        assertThat(check(POD.formatted("a", "user:1")).status()).isZero();
        assertThat(check(POD.formatted("a", "root:1")).status()).isEqualTo(1);
        assertThat(check(POD.formatted("a", "lost:1")).status()).isZero();
        assertThat(check(POD.formatted("a", "unknown:1")).status()).isEqualTo(1);
        assertThat(check(POD.formatted("a", "root:1") + "---\nkind: 5\n").status())
                .isEqualTo(2);
        assertThat(check("").status()).isEqualTo(2);
        assertThat(check("apiVersion: v1\nkind: Service\n").status()).isZero();
    }

    @Test
    void anUnverifiedImageCountsAsConfigured() throws IOException {
        services.unverified(OnUnverified.WARN);
        Run run = check(POD.formatted("a", "unknown:1"));
        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("allowed").contains("unverified  could not be verified");
        JsonNode findings = check(POD.formatted("a", "unknown:1"), "--output", "json")
                .json()
                .at("/subjects/0/findings");
        assertThat(findings.findValuesAsText("cause")).containsExactly("notFound");
    }

    @Test
    void theLevelIsTheNamespacesUnlessOneIsGiven() throws IOException {
        services.level("shop", Level.HARDENED);
        String pod = POD.formatted("a", "user:1");
        assertThat(check(pod, "--output", "json").json().at("/subjects/0/level").textValue())
                .isEqualTo("hardened");
        assertThat(check(pod).status()).isEqualTo(1);
        assertThat(check(pod, "--level", "nonroot").status()).isZero();
        assertThat(check(pod, "--level", "none").out()).startsWith("allowed").contains("(none)");
    }

    @Test
    void anExemptNamespaceIsToldSoAndALevelOverridesIt() throws IOException {
        services.exemptNamespace("shop");
        Run run = check(POD.formatted("a", "root:1"));
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("exempt ")
                .contains("Pod shop/a (namespace)")
                .endsWith("1 exempt\n");
        assertThat(check(POD.formatted("a", "root:1"), "--output", "json")
                        .json()
                        .at("/subjects/0/exempt")
                        .textValue())
                .isEqualTo("namespace");
        assertThat(check(POD.formatted("a", "root:1"), "--level", "nonroot").status())
                .isEqualTo(1);
    }

    @Test
    void optionsArriveWhereTheyAreNeeded() throws IOException {
        check("", "--offline", "--config", "c.yaml");
        assertThat(services.checked).isEqualTo(new CheckOptions(Path.of("c.yaml"), null, true));
        check("", "--images", "layout");
        assertThat(services.checked).isEqualTo(new CheckOptions(null, Path.of("layout"), false));
        assertThat(services.closed).isEqualTo(2);
    }

    @Test
    void readsStandardInputAndSeveralFilesInOrder() throws IOException {
        Path file = write("z.yaml", POD.formatted("z", "user:1"));
        Run run = Run.withInput(
                services,
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"generateName\":\"x-\"},"
                        + "\"spec\":{\"containers\":[{\"name\":\"app\",\"image\":\"user:1\"}]}}",
                "check",
                "-f",
                file.toString(),
                "--filename=-",
                "--output=json");
        assertThat(run.json().at("/subjects/0/name").textValue()).isEqualTo("z");
        assertThat(run.json().at("/subjects/1/name").textValue()).isEqualTo("x-*");
        assertThat(run.json().at("/subjects/1/source").textValue()).isEqualTo("stdin");
        assertThat(run.json().at("/subjects/1").has("namespace")).isFalse();
    }

    /** An API server would refuse each of them; none is to look as if it were allowed. */
    @ParameterizedTest
    @CsvSource({
        "v1,       Pod,         '',                                         spec",
        "v1,       Pod,         'spec: {container: [{image: \"root:1\"}]}',  spec",
        "v1,       Pod,         'spec: {Containers: [{image: \"root:1\"}]}', spec",
        "v1,       PodTemplate, 'template: {spec: {}}',                     template.spec",
        "apps/v1,  Deployment,  'spec: {containers: [{image: \"root:1\"}]}', spec.template.spec",
        "batch/v1, CronJob,     'spec: {schedule: daily}',                  spec.jobTemplate.spec.template.spec"
    })
    void aKnownKindWithoutContainersIsNotJudged(String apiVersion, String kind, String fields, String pod)
            throws IOException {
        Run run = check("apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata: {name: x}\n" + fields);
        assertThat(run.err())
                .endsWith(":1: " + kind + " x was not judged: it has no containers at " + pod
                        + ". See how they are spelt and where they stand; a patch is judged with what it is"
                        + " applied to\n");
        assertThat(run.out()).isEqualTo("0 allowed, 0 denied, 1 not judged\n");
        assertThat(run.status()).isZero();
    }

    @Test
    void imagesAreLookedUpSeveralAtOnceAndToldInOrder() throws IOException {
        services.slowness = 30;
        StringBuilder pods = new StringBuilder();
        for (int i = 100; i < 140; i++) {
            pods.append("---\n").append(POD.formatted("pod" + i, i % 2 == 0 ? "user:1" : "root:1"));
        }
        Run run = check(pods.toString());
        assertThat(run.out()
                        .lines()
                        .filter(line -> line.contains("Pod shop/pod"))
                        .map(line -> line.replaceAll(".*pod(\\d+) .*", "$1")))
                .hasSize(40)
                .isSorted();
        assertThat(services.mostAtOnce.get()).isBetween(2, 8);
    }

    @Test
    void namesCannotDriveTheTerminal() throws IOException {
        String pod = "apiVersion: v1\nkind: \"Po\\ed\"\nmetadata: {name: \"\\e[31mred\"}\n---\n"
                + "apiVersion: v1\nkind: Pod\nmetadata: {name: \"\\e]0;title\\a\", namespace: \"\\u009b2J\"}\n"
                + "spec: {containers: [{name: \"\\e[2J\", image: \"root:1\"}]}\n"
                + "---\n\"\\e[31m\"\n";
        for (String format : List.of("text", "json")) {
            Run run = check(pod, "--output", format);
            assertThat(run.out() + run.err())
                    .doesNotContain("\u001b")
                    .doesNotContain("\u009b")
                    .doesNotContain("\u0007")
                    .contains("root");
        }
    }

    @Test
    void whatCannotBeReadIsToldAndTheRestIsJudged() throws IOException {
        Path file = write("a.yaml", POD.formatted("a", "user:1"));
        Run run = Run.of(services, "check", "-f", dir + "/missing.yaml", "-f", file.toString(), "--output", "json");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo(dir + "/missing.yaml: does not exist\n");
        assertThat(run.json().at("/errors/0").has("line")).isFalse();
        assertThat(run.json().at("/errors/0/message").textValue()).isEqualTo("does not exist");
        assertThat(run.json().at("/subjects/0/allowed").booleanValue()).isTrue();
    }

    @Test
    void aMisspeltKindIsNoSuccess() throws IOException {
        Run run = check("apiVersion: apps/v1\nkind: Deployement\nmetadata: {name: web, namespace: shop}\n");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .isEqualTo(dir
                        + "/pod.yaml:1: Deployement shop/web was not judged: there is no apps/v1 Deployement. Did you"
                        + " mean apps/v1 Deployment?\n");
        assertThat(run.out()).isEqualTo("0 allowed, 0 denied, 1 unreadable\n");
    }

    @Test
    void whatMayMakePodsByAnUnknownKindIsNamed() throws IOException {
        String rollout =
                "# Argo\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web, namespace: shop}\n"
                        + "spec: {template: {spec: {containers: [{name: app, image: \"root:1\"}]}}}\n";
        String message = "Rollout shop/web was not judged: it has containers at spec.template.spec, and"
                + " argoproj.io/v1alpha1 Rollout is no kind that Unroot knows. If it makes pods, write into the"
                + " configuration workloads.custom: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, podTemplate:"
                + " spec.template}]";
        Run run = check(rollout + "---\n{apiVersion: v1, kind: Service}\n");
        assertThat(run.status()).isZero();
        assertThat(run.err()).isEqualTo(dir + "/pod.yaml:2: " + message + "\n");
        assertThat(run.out()).isEqualTo("0 allowed, 0 denied, 1 not judged, 1 other object\n");
        assertThat(check(rollout, "--output", "json").json().at("/notJudged").toString())
                .isEqualTo("[{\"source\":\"" + dir + "/pod.yaml\",\"document\":1,\"line\":2,"
                        + "\"apiVersion\":\"argoproj.io/v1alpha1\",\"kind\":\"Rollout\",\"namespace\":\"shop\","
                        + "\"name\":\"web\",\"message\":\"" + message + ".\"}]");
    }

    @Test
    void wrongUsageIsToldInALine() throws IOException {
        assertUsage(Run.of(services, "check"), "unroot check: Missing required option: '--filename=PATH|-'");
        assertUsage(Run.of(services, "check", "--nothing"), "unroot check: there is no option \"--nothing\"");
        assertUsage(
                Run.of(services, "check", "--failon", "x", "a.yaml"), "unroot check: there is no option \"--failon\"");
        assertUsage(
                Run.of(services, "check", "--lvel=nonroot", "-f", "-"),
                "unroot check: there is no option \"--lvel\". Did you mean --level?");
        assertUsage(
                Run.of(services, "check", "--filenme", "a.yaml"),
                "unroot check: there is no option \"--filenme\". Did you mean --filename?");
        assertUsage(
                Run.of(services, "check", "--platform", "linux/amd64", "-f", "-"),
                "unroot check: there is no option \"--platform\" here: it is one of image");
        for (String file : List.of("pod.yaml", "-")) {
            assertUsage(
                    Run.of(services, "check", "--offline", file),
                    "unroot check: \"" + file + "\" stands by itself: write check -f " + file);
        }
        assertUsage(
                check("", "--offline", "--images", "x"),
                "unroot check: --offline and --images exclude each other: --images already asks no registry,"
                        + " --offline reads no image at all");
        assertUsage(
                check("", "--level", "root"),
                "unroot check: Invalid value for option '--level': write none, nonroot, hardened or explicit");
        assertUsage(
                check("", "--output", "xml"), "unroot check: Invalid value for option '--output': write text or json");
        assertUsage(check("", "--nonsense"), "unroot check: there is no option \"--nonsense\"");
        assertUsage(
                Run.of(services, "check", "-f", "-", "-f", "-"),
                "unroot check: -f - can be given once: standard input ends only once");
        services.refusal = new UsageException("config.yaml:3: level \"x\" is none\nconfig.yaml:4: unknown key y");
        Run refused = check("");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .isEqualTo("unroot: config.yaml:3: level \"x\" is none\nconfig.yaml:4: unknown key y\n");
    }

    private static void assertUsage(Run run, String message) {
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo(message + "\nTry unroot check --help\n");
    }

    @Test
    void aFaultOverOneImageIsADoubtAboutItsContainer() throws IOException {
        services.fault = new IllegalStateException("oh");
        Run run = check(POD.formatted("a", "user:1"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("unverified  could not be verified: reading user:1 failed within Unroot, which logged why")
                .contains("→ Look for the reason in Unroot's log");
    }

    @Test
    void aFaultOfOurOwnIsShortUnlessAskedFor() throws IOException {
        services.judgingFault = new IllegalStateException("oh");
        Run quiet = check(POD.formatted("a", "user:1"));
        assertThat(quiet.status()).isEqualTo(2);
        assertThat(quiet.err()).isEqualTo(dir + "/pod.yaml:1: internal fault: java.lang.IllegalStateException: oh\n");
        assertThat(check(POD.formatted("a", "user:1"), "--verbose").err()).contains("\tat dev.unroot");
    }
}
