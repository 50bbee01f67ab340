package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.chart.ChartMemory;
import dev.unroot.e2e.ImageJvm;
import dev.unroot.e2e.MemoryCgroup;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods as large as the API server takes them, a hundred at once, with one replica in a container of the chart's size. */
@ExtendWith(Cluster.class)
@Timeout(600)
class MemoryThroughApiServerIT {
    private static final int AT_ONCE = 100;
    private static final String LARGE = "x".repeat(2_900_000);
    private static final long NOBODY = 65_534;

    @Test
    void aHundredOfTheLargestPodsEndNoReplicaAndLetNoRootIn(ControlPlane controlPlane, ImageRegistry images)
            throws Exception {
        KubernetesClient admin = controlPlane.admin();
        Namespaces.enforcing(admin, "large");
        try (MemoryCgroup cgroup = MemoryCgroup.make(ChartMemory.limit())) {
            try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
                UnrootProcess replica =
                        installation.addReplica(arguments -> cgroup.command(ImageJvm.command(arguments)));
                installation.awaitCalls();

                Map<String, Integer> answers = sendAtOnce(admin, images);

                System.out.println("a hundred of the largest pods at once: " + answers);
                assertThat(replica.isRunning()).as(replica.log()).isTrue();
                assertThat(cgroup.killed()).isZero();
                assertThat(replica.log()).doesNotContain("OutOfMemoryError");
                // Others than 201 and 403: the API server was told that there are too many at once, or had no time.
                assertThat(answers).doesNotContainKeys("admitted as 0", "403 as 65534");
                Eventually.passes(
                        "a verdict",
                        () -> assertThat(Refusal.of(() -> admin.resource(Pods.of("large", "small", images.root()))
                                                .create())
                                        .code())
                                .isEqualTo(403));
            }
        }
    }

    /** Every other one as root. */
    private static Map<String, Integer> sendAtOnce(KubernetesClient admin, ImageRegistry images) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Callable<String>> requests = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Pod pod = large("large-" + i, images.root(), i % 2 == 0 ? 0 : NOBODY);
                requests.add(() -> answer(admin, pod));
            }
            Map<String, Integer> answers = new TreeMap<>();
            for (Future<String> answer : clients.invokeAll(requests)) {
                answers.merge(answer.get(), 1, Integer::sum);
            }
            return answers;
        } finally {
            clients.shutdownNow();
        }
    }

    private static String answer(KubernetesClient admin, Pod pod) {
        String as = " as "
                + pod.getSpec().getContainers().get(0).getSecurityContext().getRunAsUser();
        try {
            admin.resource(pod).dryRun().create();
            return "admitted" + as;
        } catch (KubernetesClientException refused) {
            return refused.getCode() + as;
        }
    }

    private static Pod large(String name, String image, long uid) {
        Pod pod = Pods.of("large", name, image);
        pod.getSpec()
                .getContainers()
                .get(0)
                .setEnv(List.of(
                        new EnvVarBuilder().withName("LARGE").withValue(LARGE).build()));
        pod.getSpec()
                .getContainers()
                .get(0)
                .setSecurityContext(
                        new SecurityContextBuilder().withRunAsUser(uid).build());
        return pod;
    }
}
