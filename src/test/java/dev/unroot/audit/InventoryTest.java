package dev.unroot.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.manifest.ManifestFiles;
import dev.unroot.manifest.ManifestResult;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Container;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods and templates are grouped by the owner at the top, whatever the order that they come in. */
class InventoryTest {
    private static final String DEPLOYMENT = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec: {template: {spec: {containers: [{name: app, image: "web:2"}]}}}
        """;

    private static final String OLD_REPLICAS = """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: web-1, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: web, controller: true}]}
        spec: {replicas: 0, template: {spec: {containers: [{name: app, image: "web:1"}]}}}
        """;

    private static final String REPLICAS =
            OLD_REPLICAS.replace("web-1", "web-2").replace("web:1", "web:2");

    private static String pod(String name, String owner, String image, String phase) {
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: %s, controller: true}]}
            spec: {containers: [{name: app, image: "%s"}]}
            status: {phase: %s}
            """.formatted(name, owner, image, phase);
    }

    private static Inventory inventory(List<String> objects) {
        String input = String.join("---\n", objects);
        Inventory inventory = new Inventory();
        ManifestFiles files = ManifestFiles.withStatus(
                PodTemplates.BUILT_IN, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        for (ManifestResult result : files.read(List.of("-"))) {
            assertThat(result).isInstanceOf(ManifestResult.Found.class);
            inventory.add(((ManifestResult.Found) result).subject());
        }
        return inventory;
    }

    private static List<Workload> workloads(String... objects) {
        return List.copyOf(inventory(List.of(objects)).workloads());
    }

    private static List<String> images(Workload workload) {
        return workload.specs().stream()
                .flatMap(pod -> pod.containers().stream().map(Container::image))
                .toList();
    }

    @Test
    void aDeploymentsReplicaSetsAndPodsAreOneWorkload() {
        List<String> objects = new java.util.ArrayList<>(List.of(
                DEPLOYMENT,
                OLD_REPLICAS,
                REPLICAS,
                pod("web-2-a", "web-2", "web:2", "Running"),
                pod("web-2-b", "web-2", "web:2", "Pending")));
        for (int i = 0; i < 5; i++) {
            Collections.rotate(objects, 1);
            List<Workload> workloads = List.copyOf(inventory(objects).workloads());

            assertThat(workloads).hasSize(1);
            assertThat(workloads.get(0).key()).isEqualTo(new OwnerKey("shop", "apps", "Deployment", "web"));
            assertThat(workloads.get(0).replicas()).isEqualTo(2);
            assertThat(images(workloads.get(0)))
                    .as("what an old ReplicaSet made is gone")
                    .containsExactly("web:2");
        }
    }

    @Test
    void aPodThatDiffersFromItsTemplateIsJudgedToo() {
        List<Workload> workloads = workloads(DEPLOYMENT, REPLICAS, pod("web-2-a", "web-2", "web:changed", "Running"));

        assertThat(images(workloads.get(0))).containsExactly("web:2", "web:changed");
    }

    @Test
    void anOwnerThatIsNotThereIsStillOne() {
        List<Workload> workloads =
                workloads(pod("web-2-a", "web-2", "web:2", "Running"), pod("web-2-b", "web-2", "web:2", "Running"));

        assertThat(workloads).hasSize(1);
        assertThat(workloads.get(0).key()).isEqualTo(new OwnerKey("shop", "apps", "ReplicaSet", "web-2"));
        assertThat(workloads.get(0).apiVersion()).isEqualTo("apps/v1");
        assertThat(workloads.get(0).replicas()).isEqualTo(2);
    }

    @Test
    void aLoopOfOwnersEnds() {
        String a = OLD_REPLICAS.replace("kind: Deployment, name: web,", "kind: ReplicaSet, name: web-2,");
        String b = a.replace("name: web-1,", "name: web-x,")
                .replace("name: web-2,", "name: web-1,")
                .replace("web-x", "web-2");

        assertThat(workloads(a, b)).hasSizeBetween(1, 2);
    }

    @ParameterizedTest
    @CsvSource({"Succeeded, 0, 1", "Failed, 0, 1", "Running, 1, 0", "Pending, 1, 0", "Unknown, 1, 0"})
    void whatHasEndedIsApart(String phase, int running, int finished) {
        Workload workload = workloads(pod("a", "web-2", "web:2", phase)).get(0);

        assertThat(workload.replicas()).isEqualTo(running);
        assertThat(workload.finished()).isEqualTo(finished);
        assertThat(workload.specs()).hasSize(running);
    }

    @Test
    void staticPodsAreApart() {
        Workload workload = workloads("""
            apiVersion: v1
            kind: Pod
            metadata: {name: etcd, namespace: kube-system, annotations: {kubernetes.io/config.mirror: x}, ownerReferences: [{apiVersion: v1, kind: Node, name: a, controller: true}]}
            spec: {containers: [{name: etcd, image: "etcd:3"}]}
            """).get(0);

        assertThat(workload.mirrors()).isEqualTo(1);
        assertThat(workload.specs()).isEmpty();
    }

    /** Anybody may write the annotation. */
    @Test
    void whatOnlySaysThatItIsStaticIsNot() {
        Workload workload = workloads("""
            apiVersion: v1
            kind: Pod
            metadata: {name: etcd, namespace: shop, annotations: {kubernetes.io/config.mirror: x}}
            spec: {containers: [{name: etcd, image: "etcd:3"}]}
            """).get(0);

        assertThat(workload.mirrors()).isZero();
        assertThat(workload.specs()).hasSize(1);
    }

    @Test
    void anOwnerThatWasNotReadHasTheVersionThatItIsReferredToBy() {
        String replicas = REPLICAS.replace("apps/v1, kind: Deployment", "argoproj.io/v1alpha1, kind: Rollout");
        for (List<Workload> workloads : List.of(
                workloads(replicas, pod("web-2-a", "web-2", "web:2", "Running")),
                workloads(pod("web-2-a", "web-2", "web:2", "Running"), replicas))) {
            assertThat(workloads).extracting(Workload::apiVersion).containsExactly("argoproj.io/v1alpha1");
        }
    }

    @Test
    void whatMakesNoPodsNowCounts() {
        List<Workload> workloads = workloads("""
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: nightly, namespace: shop}
            spec: {suspend: true, jobTemplate: {spec: {template: {spec: {containers: [{name: app, image: "job:1"}]}}}}}
            """, """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db, namespace: shop}
            spec: {replicas: 0, template: {spec: {containers: [{name: app, image: "db:1"}]}}}
            """);

        assertThat(workloads).extracting(workload -> workload.key().kind()).containsExactly("CronJob", "StatefulSet");
        assertThat(workloads).extracting(InventoryTest::images).containsExactly(List.of("job:1"), List.of("db:1"));
    }

    /** Of an operator's kind that is not configured there is nothing but what it made. */
    @Test
    void whereTheOwnerSaysNothingWhatItMadeTells() {
        List<Workload> workloads =
                workloads(REPLICAS.replace("apps/v1, kind: Deployment", "argoproj.io/v1alpha1, kind: Rollout"));

        assertThat(workloads.get(0).key()).isEqualTo(new OwnerKey("shop", "argoproj.io", "Rollout", "web"));
        assertThat(images(workloads.get(0))).containsExactly("web:2");
    }
}
