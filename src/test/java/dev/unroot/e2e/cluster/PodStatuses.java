package dev.unroot.e2e.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** Writes a pod's status, as its kubelet. */
final class PodStatuses {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int GONE = 404;

    private final KubernetesClient admin;
    private final Pod pod;
    private final String start = now();
    private String last = "";

    PodStatuses(KubernetesClient admin, Pod pod) {
        this.admin = admin;
        this.pod = pod;
    }

    /** Not started, or not started again yet. */
    void waiting(String reason, String message, int restarts) {
        ObjectNode details = JSON.createObjectNode().put("reason", reason).put("message", message);
        write(restarts == 0 ? "Pending" : "Running", false, restarts, "waiting", details, "");
    }

    void running(boolean ready, int restarts, String address) {
        write("Running", ready, restarts, "running", JSON.createObjectNode().put("startedAt", start), address);
    }

    /** For good. */
    void ended(int exit) {
        ObjectNode details = JSON.createObjectNode()
                .put("exitCode", exit)
                .put("reason", exit == 0 ? "Completed" : "Error")
                .put("startedAt", start)
                .put("finishedAt", now());
        write(exit == 0 ? "Succeeded" : "Failed", false, 0, "terminated", details, "");
    }

    /** @param state of the container: waiting, running or terminated */
    private void write(String phase, boolean ready, int restarts, String state, ObjectNode details, String address) {
        ObjectNode status = JSON.createObjectNode();
        status.put("phase", phase).put("startTime", start).put("hostIP", TestNode.ADDRESS);
        if (!address.isEmpty()) {
            status.put("podIP", address).putArray("podIPs").addObject().put("ip", address);
        }
        ArrayNode conditions = status.putArray("conditions");
        for (Map.Entry<String, Boolean> condition : Map.of(
                        "PodScheduled", true, "Initialized", true, "ContainersReady", ready, "Ready", ready)
                .entrySet()) {
            conditions
                    .addObject()
                    .put("type", condition.getKey())
                    .put("status", condition.getValue() ? "True" : "False")
                    .put("lastTransitionTime", start);
        }
        ObjectNode container = status.putArray("containerStatuses").addObject();
        container
                .put("name", pod.getSpec().getContainers().get(0).getName())
                .put("image", pod.getSpec().getContainers().get(0).getImage())
                .put("imageID", "")
                .put("ready", ready)
                .put("started", state.equals("running"))
                .put("restartCount", restarts);
        container.putObject("state").set(state, details);
        send(status);
    }

    private void send(ObjectNode status) {
        if (status.toString().equals(last)) {
            return;
        }
        ObjectNode patch = JSON.createObjectNode();
        patch.putObject("metadata").put("uid", pod.getMetadata().getUid());
        patch.set("status", status);
        try {
            admin.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .subresource("status")
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString());
            last = status.toString();
        } catch (KubernetesClientException e) {
            if (e.getCode() != GONE) {
                throw e;
            }
        }
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
