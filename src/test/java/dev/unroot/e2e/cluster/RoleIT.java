package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.TrustingClient;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The role grants what Unroot uses and nothing besides: the audit log tells every request it made. */
@ExtendWith(Cluster.class)
class RoleIT {
    private static final String USER = "system:serviceaccount:unroot:unroot";

    @Test
    void everyVerbIsUsedAndNoneIsMissing(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        Namespaces.enforcing(admin, "role");
        // Without platforms in the configuration, the nodes' are watched.
        String config = images.settingsForAnyPlatform();
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, config, "pullSecrets: cluster")) {
            Instant begin = Instant.now();
            installation.addReplica();
            installation.awaitCalls();
            Pod pod = Pods.of("role", "app", images.numeric());
            pod.getSpec().setImagePullSecrets(List.of(new LocalObjectReference("pull")));
            admin.resource(pod).create();
            admin.resource(Workloads.of(admin, "Deployment", "role", images.named()))
                    .create();
            admin.namespaces().withName("role").edit(Namespaces.labelled("unroot.dev/enforce", "explicit"));
            reviewInANamespaceThatIsNotKnown(installation);

            Set<String> granted = granted(installation.chart());
            Eventually.await("each granted verb in the audit log", () -> {
                assertThat(used(controlPlane, begin)).isEqualTo(granted);
                return true;
            });
            System.out.println("The chart's roles grant, and Unroot used: " + granted);
            assertThat(controlPlane
                            .auditLog()
                            .events(event -> isOurs(event, begin)
                                    && event.at("/responseStatus/code").asInt() == 403))
                    .isEmpty();
        }
    }

    /** An API server asks for one only in the moment before the watch tells of it. */
    private static void reviewInANamespaceThatIsNotKnown(WebhookInstallation installation) throws Exception {
        HttpClient client = TrustingClient.of(installation.authority().certificate());
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("https://localhost:" + installation.relay().port() + "/validate?timeout=10s"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1",
                         "kind":{"group":"","version":"v1","kind":"Pod"},
                         "resource":{"group":"","version":"v1","resource":"pods"},
                         "namespace":"nowhere","operation":"CREATE","userInfo":{"username":"jane"},
                         "object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app","namespace":"nowhere"},
                         "spec":{"containers":[{"name":"app","image":"app"}]}}}}
                        """))
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(500);
    }

    private static Set<String> granted(InstalledChart chart) {
        Set<String> granted = new TreeSet<>();
        for (JsonNode role : chart.roles()) {
            for (JsonNode rule : role.path("rules")) {
                for (JsonNode group : rule.path("apiGroups")) {
                    for (JsonNode resource : rule.path("resources")) {
                        rule.path("verbs")
                                .forEach(verb -> granted.add(right(group.asText(), resource.asText(), verb.asText())));
                    }
                }
            }
        }
        return granted;
    }

    private static Set<String> used(ControlPlane controlPlane, Instant begin) throws Exception {
        Set<String> used = new TreeSet<>();
        for (JsonNode event : controlPlane.auditLog().events(event -> isOurs(event, begin) && event.has("objectRef"))) {
            JsonNode object = event.get("objectRef");
            used.add(right(
                    object.path("apiGroup").asText(),
                    object.path("resource").asText(),
                    event.path("verb").asText()));
        }
        return used;
    }

    private static String right(String group, String resource, String verb) {
        return (group.isEmpty() ? resource : resource + "." + group) + " " + verb;
    }

    private static boolean isOurs(JsonNode event, Instant begin) {
        return event.at("/user/username").asText().equals(USER)
                && !Instant.parse(event.at("/requestReceivedTimestamp").asText())
                        .isBefore(begin);
    }
}
