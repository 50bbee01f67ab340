package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.TrustingClient;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
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
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, images.settings())) {
            installation.addReplica();
            installation.enable();
            admin.resource(Pods.of("role", "app", images.numeric())).create();
            reviewInANamespaceThatIsNotKnown(installation);
            Eventually.await(
                    "each granted verb in the audit log",
                    () -> used(controlPlane).equals(granted(admin)));
        }
        assertThat(controlPlane
                        .auditLog()
                        .events(event -> isOurs(event)
                                && event.at("/responseStatus/code").asInt() == 403))
                .isEmpty();
        System.out.println("The role grants, and Unroot used: " + used(controlPlane));
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

    private static Set<String> granted(KubernetesClient admin) {
        ClusterRole role = admin.rbac().clusterRoles().withName("unroot").get();
        Set<String> granted = new TreeSet<>();
        for (PolicyRule rule : role.getRules()) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    rule.getVerbs().forEach(verb -> granted.add(group + "/" + resource + " " + verb));
                }
            }
        }
        return granted;
    }

    private static Set<String> used(ControlPlane controlPlane) throws Exception {
        List<JsonNode> events = controlPlane.auditLog().events(event -> isOurs(event) && event.has("objectRef"));
        Set<String> used = new TreeSet<>();
        for (JsonNode event : events) {
            JsonNode object = event.get("objectRef");
            used.add(object.path("apiGroup").asText("") + "/"
                    + object.path("resource").asText() + " "
                    + event.path("verb").asText());
        }
        return used;
    }

    private static boolean isOurs(JsonNode event) {
        return event.at("/user/username").asText().equals(USER);
    }
}
