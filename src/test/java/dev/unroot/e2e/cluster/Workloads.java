package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Each of the eight built-in kinds that hold a pod template. */
final class Workloads {
    /** Named as the kind in lower case, with one container "app". */
    static final List<String> KINDS = List.of(
            "PodTemplate",
            "ReplicationController",
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
            "DaemonSet",
            "Job",
            "CronJob");

    /** Those of them that have a subresource {@code scale}. */
    static final Set<String> SCALABLE = Set.of("ReplicationController", "Deployment", "ReplicaSet", "StatefulSet");

    private static final Map<String, String> API_VERSIONS = Map.of(
            "PodTemplate", "v1",
            "ReplicationController", "v1",
            "Job", "batch/v1",
            "CronJob", "batch/v1");

    private Workloads() {}

    /** A manifest of one replica, or one run a minute. */
    static String yaml(String kind, String namespace, String image) {
        String name = kind.toLowerCase(Locale.ROOT);
        String head = """
                apiVersion: %s
                kind: %s
                metadata: {name: %s, namespace: %s}
                """.formatted(API_VERSIONS.getOrDefault(kind, "apps/v1"), kind, name, namespace);
        String selector =
                switch (kind) {
                    case "ReplicationController" -> "selector: {app: %s}, ".formatted(name);
                    case "Deployment", "ReplicaSet", "DaemonSet" ->
                        "selector: {matchLabels: {app: %s}}, ".formatted(name);
                    case "StatefulSet" -> "serviceName: none, selector: {matchLabels: {app: %s}}, ".formatted(name);
                    default -> "";
                };
        String restart = kind.endsWith("Job") ? "restartPolicy: Never, " : "";
        String template = "{metadata: {labels: {app: %s}}, spec: {%scontainers: [{name: app, image: \"%s\"}]}}"
                .formatted(name, restart, image);
        return head
                + switch (kind) {
                    case "PodTemplate" -> "template: " + template + "\n";
                    case "CronJob" ->
                        "spec: {schedule: \"* * * * *\", jobTemplate: {spec: {template: " + template + "}}}\n";
                    default -> "spec: {" + selector + "template: " + template + "}\n";
                };
    }

    static HasMetadata of(KubernetesClient client, String kind, String namespace, String image) {
        return client.getKubernetesSerialization().unmarshal(yaml(kind, namespace, image));
    }

    /** Nothing runs on it, but a DaemonSet makes a pod for it. */
    static void addNode(KubernetesClient client) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("node")
                        .withLabels(Map.of("kubernetes.io/arch", "amd64", "kubernetes.io/os", "linux"))
                        .endMetadata()
                        .build())
                .serverSideApply();
        // The API server marks every new node as not ready, and its kubelet's heartbeat would take that away again.
        // A patch names no version: controllers write to the node at this moment, too.
        client.nodes().withName("node").patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"taints\": null}}");
    }
}
