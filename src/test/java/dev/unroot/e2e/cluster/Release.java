package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.Eventually;
import dev.unroot.chart.Rendered;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Release "unroot" in namespace "unroot", as one test installs it by Helm: the chart with its own values, but for what
 * the test says, and with its pods running. Closing it uninstalls it, whatever state it is in.
 */
final class Release implements AutoCloseable {
    private static final String INSTANCE = "app.kubernetes.io/instance=" + Helm.RELEASE;

    private final PodCluster cluster;
    private final KubernetesClient admin;
    private final Helm helm;
    private final String registry;
    private final ImageRegistry images;

    /** @param helm 3 or 4 */
    Release(PodCluster cluster, ImageRegistry images, int helm) throws IOException {
        this.cluster = cluster;
        this.admin = cluster.admin();
        this.helm = Helm.of(
                helm,
                cluster.controlPlane().adminKubeconfig(),
                cluster.controlPlane().folder());
        this.registry = cluster.reach(images);
        this.images = images;
    }

    Helm helm() {
        return helm;
    }

    /** An image of the registry, as pods of this cluster name it. */
    String image(String reference) {
        return reference.replace(images.host(), registry);
    }

    /** {@code helm install --wait}, and until the API server calls what is installed. @param set values, each KEY=VALUE */
    Programs.Result install(String... set) throws IOException, InterruptedException {
        return installWith("", set);
    }

    /** The same. @param values YAML, more of the chart's values */
    Programs.Result installWith(String values, String... set) throws IOException, InterruptedException {
        Programs.Result result =
                helm.apply("install", values(values), arguments(List.of("--create-namespace", "--wait"), set));
        if (result.exit() != 0) {
            throw new AssertionError("helm install: " + result.err() + pods());
        }
        WebhookCalls.await(admin);
        return result;
    }

    /** {@code helm upgrade --wait}, with the values of the release that these change. */
    Programs.Result upgrade(List<String> options, String... set) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--reuse-values", "--wait"));
        all.addAll(options);
        return helm.apply("upgrade", "{}", arguments(all, set));
    }

    private static String[] arguments(List<String> options, String... set) {
        List<String> all = new ArrayList<>(options);
        Arrays.stream(set).forEach(value -> all.addAll(List.of("--set", value)));
        return all.toArray(String[]::new);
    }

    /** The image, which every install needs, and the registry of these tests. */
    private String values(String more) {
        return "image: {repository: " + TestNode.REPOSITORY + "}\n" + registrySettings() + more;
    }

    /**
     * Values by which Unroot may read the registry of these tests, which is not a public one; and has the time for it that
     * a replica's first lookup takes on a busy machine.
     */
    String registrySettings() {
        return """
                webhook: {timeoutSeconds: 30}
                config:
                  imageLookup:
                    timeout: 25s
                    registries:
                      - {host: "%s", plainHttp: true, allowPrivate: true}
                """.formatted(registry);
    }

    /** What of the release's objects is no longer as Helm wrote it. */
    List<String> drift() throws IOException, InterruptedException {
        String manifest = helm.succeed("get manifest").out();
        Programs.Result live = cluster.controlPlane()
                .kubectl(cluster.controlPlane().adminKubeconfig())
                .runWith(manifest, "get", "--output=json");
        if (live.exit() != 0) {
            throw new AssertionError(live.err());
        }
        return Drift.between(
                Rendered.parse(manifest).objects(),
                new ObjectMapper().readTree(live.out()).path("items"));
    }

    /** What the pods of the release are in, for messages. */
    String pods() {
        StringBuilder text = new StringBuilder();
        for (Pod pod : admin.pods().inNamespace(Helm.NAMESPACE).list().getItems()) {
            text.append('\n')
                    .append(pod.getMetadata().getName())
                    .append(' ')
                    .append(pod.getStatus().getContainerStatuses());
        }
        return text.toString();
    }

    /** Asks for a pod, which is made. */
    Pod admitted(String namespace, String name, String image) {
        return admin.resource(Pods.of(namespace, name, image(image))).create();
    }

    /** What the API server says to a pod; nothing where it would make it. */
    String answer(String namespace, String image) {
        try {
            admin.resource(Pods.of(namespace, "app", image(image))).dryRun().create();
            return "";
        } catch (KubernetesClientException e) {
            return e.getStatus() == null
                    ? String.valueOf(e.getMessage())
                    : e.getStatus().getMessage();
        }
    }

    /** Asks for a pod, which is refused. */
    Refusal refused(String namespace, String image) {
        return Refusal.of(() ->
                admin.resource(Pods.of(namespace, "app", image(image))).dryRun().create());
    }

    /** The denial of the image whose USER is root. */
    Refusal runsAsRoot() {
        Refusal refusal = Refusal.runsAsRoot(images);
        return new Refusal(refusal.code(), refusal.reason(), image(refusal.message()));
    }

    /** Pods created without end, in a namespace that enforces. */
    Load load(String namespace) {
        return new Load(admin, namespace, image(images.numeric()), 1);
    }

    /** Returns once nothing of any kind is left of it. */
    void awaitNothingLeft() throws IOException, InterruptedException {
        Kubectl kubectl = cluster.controlPlane().kubectl(cluster.controlPlane().adminKubeconfig());
        for (String label : List.of(INSTANCE, "owner=helm")) {
            Eventually.passes("nothing with the label " + label + " to be left", () -> {
                Programs.Result result =
                        kubectl.run("get", kinds(kubectl), "--all-namespaces", "--selector", label, "--output=name");
                assertThat(result.exit()).as(result.err()).isZero();
                assertThat(result.out()).isEmpty();
            });
        }
    }

    /** As they are now: those of others come and go. */
    private static String kinds(Kubectl kubectl) throws IOException, InterruptedException {
        String kinds = kubectl.run("api-resources", "--verbs=list", "--output=name")
                .out()
                .strip()
                .replace('\n', ',');
        assertThat(kinds).contains("pods", "validatingwebhookconfigurations.admissionregistration.k8s.io", "leases");
        return kinds;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        helm.run("uninstall", "--no-hooks");
        admin.pods()
                .inNamespace(Helm.NAMESPACE)
                .withLabel("app.kubernetes.io/instance", Helm.RELEASE)
                .delete();
        Eventually.await(
                "the pods to be gone",
                () -> admin.pods()
                        .inNamespace(Helm.NAMESPACE)
                        .withLabel("app.kubernetes.io/instance", Helm.RELEASE)
                        .list()
                        .getItems()
                        .isEmpty());
    }
}
