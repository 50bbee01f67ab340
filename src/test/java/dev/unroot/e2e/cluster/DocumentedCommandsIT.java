package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the pages tell people to type, typed: in one cluster, from the first install to the last word. */
@ExtendWith(Cluster.class)
class DocumentedCommandsIT {
    private static final List<Path> PAGES = List.of(
            Path.of("docs/install.md"),
            Path.of("docs/rollout.md"),
            Path.of("docs/operations.md"),
            Path.of("docs/certificates.md"),
            Path.of("charts/unroot/README.md"),
            Path.of("manifests/README.md"));
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\n(.*?)^```");
    private static final Pattern INLINE = Pattern.compile("`((?:kubectl|helm) [^`]+)`");

    /** No part of this cluster can forward a port. */
    private static final List<String> LEFT_OUT =
            List.of("kubectl --namespace unroot port-forward deploy/unroot 8080 & curl -s localhost:8080/readyz");

    private static final String INSTALL = "helm install unroot charts/unroot --namespace unroot --create-namespace"
            + " --set image.repository=REGISTRY/unroot";
    private static final String BREAK_GLASS = "kubectl delete validatingwebhookconfiguration unroot";

    /**
     * One command.
     *
     * @param says a part of what it prints, as output or as error
     */
    private record Step(String command, int exit, String says) {}

    private static final List<Step> STEPS = List.of(
            new Step(INSTALL, 0, "Only in namespaces with a label unroot.dev/enforce is anything denied."),
            new Step("kubectl --namespace unroot rollout status deployment unroot", 0, "successfully rolled out"),
            new Step("helm test unroot --namespace unroot", 0, "Succeeded"),
            new Step(
                    "helm upgrade unroot charts/unroot --namespace unroot --reuse-values --set mode=warn",
                    0,
                    "is warned about"),
            new Step(
                    "kubectl label --dry-run=server --overwrite namespace shop unroot.dev/enforce=nonroot",
                    0,
                    "Warning: "),
            new Step(
                    "kubectl label --overwrite namespace shop unroot.dev/enforce=nonroot", 0, "namespace/shop labeled"),
            new Step(
                    "kubectl --namespace shop run root --image=REGISTRY/IMAGE --dry-run=server",
                    1,
                    "denied the request: container \"root\" runs as root"),
            new Step("kubectl label --overwrite namespace NAME unroot.dev/enforce=none", 0, "namespace/shop labeled"),
            new Step("kubectl label --overwrite namespace shop unroot.dev/enforce=none", 0, "namespace/shop"),
            new Step(
                    "helm upgrade unroot charts/unroot --namespace unroot --reuse-values --set mode=enforce"
                            + " --set level=nonroot",
                    0,
                    "Pods below level nonroot are now denied"),
            new Step("kubectl --namespace unroot logs deploy/unroot", 0, "\"level\""),
            new Step(BREAK_GLASS, 0, "\"unroot\" deleted"),
            new Step("kubectl get pods -A -o yaml | java -jar unroot.jar check -f -", 1, "shop/web"),
            new Step(
                    "kubectl get namespaces,pods,deployments,statefulsets,daemonsets,replicasets,jobs,cronjobs,"
                            + "replicationcontrollers -A -o json | java -jar unroot.jar audit --from -",
                    0,
                    "\nshop "),
            new Step("helm upgrade unroot charts/unroot --namespace unroot --reuse-values", 0, "are now denied"),
            new Step(
                    "kubectl --namespace unroot logs --selector app.kubernetes.io/name=unroot",
                    0,
                    "another certificate is served"),
            new Step("helm rollback unroot --namespace unroot --wait", 0, "Rollback was a success"),
            new Step(
                    "kubectl -n unroot patch secret unroot-certificate --type=json"
                            + " -p '[{\"op\":\"remove\",\"path\":\"/data/ca.key\"}]'",
                    0,
                    "secret/unroot-certificate patched"),
            new Step("helm uninstall unroot --namespace unroot", 0, "release \"unroot\" uninstalled"),
            new Step("kubectl apply -k manifests", 0, "deployment.apps/unroot created"),
            new Step("kubectl --namespace unroot rollout status deployment unroot", 0, "successfully rolled out"),
            new Step(BREAK_GLASS, 0, "\"unroot\" deleted"),
            new Step("kubectl delete -k manifests --ignore-not-found", 0, "deployment.apps \"unroot\" deleted"));

    /** Each line of a block, and what stands in a line of text. */
    private static SortedSet<String> documented() throws IOException {
        SortedSet<String> commands = new TreeSet<>();
        for (Path page : PAGES) {
            String text = Files.readString(page);
            BLOCK.matcher(text)
                    .results()
                    .flatMap(block -> block.group(1).lines())
                    .filter(line -> line.startsWith("kubectl ") || line.startsWith("helm "))
                    .forEach(commands::add);
            INLINE.matcher(BLOCK.matcher(text).replaceAll(""))
                    .results()
                    .map(MatchResult::group)
                    .map(code -> code.substring(1, code.length() - 1))
                    .filter(code -> code.split(" ").length > 2)
                    .forEach(commands::add);
        }
        return commands;
    }

    @Test
    void areAllTried() throws IOException {
        Set<String> tried = new TreeSet<>(LEFT_OUT);
        STEPS.forEach(step -> tried.add(step.command()));
        assertThat(tried).containsExactlyElementsOf(documented());
    }

    @Test
    void doWhatThePagesSay(PodCluster cluster, ImageRegistry images) throws Exception {
        KubernetesClient admin = cluster.admin();
        Namespaces.create(admin, "shop", Map.of());
        try (Release release = new Release(cluster, images, 4)) {
            DocumentedShell shell = new DocumentedShell(cluster, release, release.image(images.root()));
            release.admitted("shop", "web", images.root());
            for (Step step : STEPS) {
                Programs.Result result = run(shell, step, release);
                if (step.command().equals(INSTALL)) {
                    followNotes(admin, shell, result.out());
                }
                if (step.command().startsWith("helm upgrade")) {
                    shell.run("kubectl --namespace unroot rollout status deployment unroot");
                }
            }
            release.awaitNothingLeft();
        }
    }

    /** What kubectl asks may take a moment to be so: a label has to reach API server and webhook, a line the log. */
    private static Programs.Result run(DocumentedShell shell, Step step, Release release) throws Exception {
        AtomicReference<Programs.Result> result = new AtomicReference<>(shell.run(step.command()));
        if (step.command().startsWith("kubectl") && !isAsSaid(result.get(), step)) {
            Eventually.passes(step.command(), () -> {
                result.set(shell.run(step.command()));
                assertAsSaid(result.get(), step, release);
            });
        }
        assertAsSaid(result.get(), step, release);
        return result.get();
    }

    private static boolean isAsSaid(Programs.Result result, Step step) {
        return result.exit() == step.exit() && (result.out() + result.err()).contains(step.says());
    }

    private static void assertAsSaid(Programs.Result result, Step step, Release release) {
        assertThat(result.exit())
                .as("%s: %s%s%s", step.command(), result.out(), result.err(), release.pods())
                .isEqualTo(step.exit());
        assertThat(result.out() + result.err()).as(step.command()).contains(step.says());
    }

    /** What the chart itself says at the end; all but the last, which stands in the pages, too. */
    private static void followNotes(KubernetesClient admin, DocumentedShell shell, String notes) throws Exception {
        List<String> commands = notes.lines()
                .filter(line -> line.startsWith("  kubectl "))
                .map(String::strip)
                .toList();
        assertThat(commands).hasSize(3).contains(BREAK_GLASS);
        shell.run("kubectl --namespace unroot rollout status deployment unroot");
        WebhookCalls.await(admin);
        for (String command : commands.subList(0, 2)) {
            Programs.Result result = shell.run(command);
            assertThat(result.exit()).as(result.err()).isZero();
            assertThat(result.err()).as(command).contains("Warning: ");
        }
        assertThat(shell.run("kubectl label namespace shop unroot.dev/enforce-").exit())
                .isZero();
    }
}
