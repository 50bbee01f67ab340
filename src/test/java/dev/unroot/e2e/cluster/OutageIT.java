package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens while one of the parts is away. */
@ExtendWith(Cluster.class)
class OutageIT {

    /** And nothing is held up that the webhook is not asked about, its own namespace first of all. */
    @Test
    void withoutAWebhookOnlyEnforcingNamespacesGetNoPods(ControlPlane controlPlane, ImageRegistry images)
            throws Exception {
        KubernetesClient admin = controlPlane.admin();
        Namespaces.enforcing(admin, "closed");
        Namespaces.create(admin, "open", Map.of());
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            Eventually.await(
                    "a failed call",
                    () -> Refusal.of(() -> admin.resource(Pods.of("closed", "app", images.numeric()))
                                            .dryRun()
                                            .create())
                                    .code()
                            == 500);
            Refusal refusal = Refusal.of(() ->
                    admin.resource(Pods.of("closed", "app", images.numeric())).create());
            assertThat(refusal.code()).isEqualTo(500);
            assertThat(refusal.message()).contains("failed calling webhook \"pods.enforce.unroot.dev\"");

            admin.resource(Pods.of("open", "app", images.root())).create();
            admin.resource(Workloads.of(admin, "Deployment", "closed", images.root()))
                    .create();
            admin.namespaces().withName("open").edit(Namespaces.labelled("team", "shop"));
            for (String unhindered : new String[] {"kube-system", WebhookInstallation.NAMESPACE}) {
                Namespaces.awaitServiceAccount(admin, unhindered, "default");
                admin.resource(Pods.of(unhindered, "app", images.root()))
                        .dryRun()
                        .create();
            }
        }
    }

    /**
     * The API server's clock runs out long before that of the lookup: the answer has to be there first. All at once,
     * for each takes the API server's whole time but a tenth, which leaves a busy machine a second.
     */
    @Test
    void aRegistryThatHangsIsAnAnswerInTheApiServersTime(ControlPlane controlPlane) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        Namespaces.enforcing(admin, "hanging");
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            String host = "127.0.0.1:" + hanging.getLocalPort();
            try (WebhookInstallation installation =
                    new WebhookInstallation(controlPlane, """
                    imageLookup:
                      # The chart refuses 60s.
                      timeout: 1m
                      registries: [{host: "%s", plainHttp: true, allowPrivate: true}]
                    """.formatted(host), "webhook: {timeoutSeconds: 10}")) {
                installation.addReplica();
                installation.awaitCalls();
                List<String> images = Stream.of("1", "2", "3")
                        .map(tag -> host + "/team/app:" + tag)
                        .toList();
                // It takes a busy machine a while to connect, of which the webhook knows nothing.
                atOnce(images, image -> admin.resource(pinned(image)).dryRun().create());
                List<Refusal> refusals = atOnce(
                        images,
                        image -> Refusal.of(() ->
                                admin.resource(Pods.of("hanging", "app", image)).create()));
                assertThat(refusals)
                        .isEqualTo(images.stream()
                                .map(image -> Refusal.denial(
                                        "pods.enforce.unroot.dev",
                                        "container \"app\" could not be verified: registry " + host
                                                + " did not answer in time for " + image + ". Try again, or set"
                                                + " runAsNonRoot: true and no lookup is needed."))
                                .toList());
            }
        }
    }

    /** One that is answered at once: nothing is looked up. */
    private static Pod pinned(String image) {
        Pod pod = Pods.of("hanging", "app", image);
        pod.getSpec()
                .getContainers()
                .get(0)
                .setSecurityContext(
                        new SecurityContextBuilder().withRunAsUser(1L).build());
        return pod;
    }

    private static <T> List<T> atOnce(List<String> images, Function<String, T> request) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(images.size());
        try {
            List<Future<T>> answers = new ArrayList<>();
            images.forEach(image -> answers.add(threads.submit(() -> request.apply(image))));
            List<T> all = new ArrayList<>();
            for (Future<T> answer : answers) {
                all.add(answer.get());
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void theWebhookOutlivesTheApiServer(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        Namespaces.enforcing(admin, "older");
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            UnrootProcess replica = installation.addReplica();
            installation.awaitCalls();
            controlPlane.stopApiServer();
            double before = namespacesAge(replica);
            Eventually.await("memory to be told to grow old", () -> namespacesAge(replica) > before + 1);
            assertThat(replica.isReady()).isTrue();
            double old = namespacesAge(replica);
            controlPlane.startApiServerAgain();
            Eventually.await("memory to be told to be fresh", () -> namespacesAge(replica) < old);

            assertThat(Refusal.of(() -> admin.resource(Pods.of("older", "root", images.root()))
                            .create()))
                    .isEqualTo(Refusal.runsAsRoot(images));
            Namespaces.enforcing(admin, "younger");
            assertThat(Refusal.of(() -> admin.resource(Pods.of("younger", "root", images.root()))
                            .create()))
                    .isEqualTo(Refusal.runsAsRoot(images));
            // By the watch, not by asking: a namespace that is known is never asked about again.
            admin.namespaces().withName("older").edit(Namespaces.labelled("unroot.dev/enforce", "none"));
            Eventually.await(
                    "the watch to be back",
                    () -> admin.resource(Pods.of("older", "root", images.root()))
                                    .create()
                            != null);
            assertThat(replica.isReady()).isTrue();
        }
    }

    private static double namespacesAge(UnrootProcess replica) throws IOException, InterruptedException {
        return replica.metric("unroot_namespaces_age_seconds");
    }
}
