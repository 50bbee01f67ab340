package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.TrustingClient;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
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
        // Others install with other settings, and some of them without a right that they need.
        int before = ours(controlPlane).size();
        Namespaces.enforcing(admin, "role");
        Grants.pullSecrets(admin, "role");
        String settings = images.settingsForAnyPlatform() + "  pullSecrets: {namespaces: [role]}\n";
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, settings)) {
            installation.addReplica();
            installation.enable();
            admin.resource(Pods.of("role", "app", images.numeric())).create();
            Pod pulling = Pods.of("role", "pulling", images.named());
            pulling.getSpec().setImagePullSecrets(List.of(new LocalObjectReference("registry")));
            admin.resource(pulling).create();
            admin.namespaces().withName("role").edit(Namespaces.labelled("unroot.dev/enforce", "hardened"));
            reviewInANamespaceThatIsNotKnown(installation);
            Eventually.await(
                    "each granted verb in the audit log",
                    () -> used(since(before, controlPlane)).equals(granted(admin)));
        }
        List<JsonNode> requests = since(before, controlPlane);
        assertThat(requests)
                .filteredOn(event -> event.at("/responseStatus/code").asInt() == 403)
                .isEmpty();
        System.out.println("The role grants, and Unroot used: " + used(requests));
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
        List<PolicyRule> rules = new ArrayList<>(
                admin.rbac().clusterRoles().withName("unroot").get().getRules());
        admin.rbac().roles().inNamespace("role").list().getItems().forEach(role -> rules.addAll(role.getRules()));
        Set<String> granted = new TreeSet<>();
        for (PolicyRule rule : rules) {
            for (String group : rule.getApiGroups()) {
                for (String resource : rule.getResources()) {
                    rule.getVerbs().forEach(verb -> granted.add(group + "/" + resource + " " + verb));
                }
            }
        }
        return granted;
    }

    private static Set<String> used(List<JsonNode> requests) {
        Set<String> used = new TreeSet<>();
        for (JsonNode event : requests) {
            JsonNode object = event.get("objectRef");
            used.add(object.path("apiGroup").asText("") + "/"
                    + object.path("resource").asText() + " "
                    + event.path("verb").asText());
        }
        return used;
    }

    private static List<JsonNode> since(int before, ControlPlane controlPlane) throws Exception {
        List<JsonNode> all = ours(controlPlane);
        return all.subList(before, all.size());
    }

    private static List<JsonNode> ours(ControlPlane controlPlane) throws Exception {
        return controlPlane
                .auditLog()
                .events(event -> event.at("/user/username").asText().equals(USER) && event.has("objectRef"));
    }
}
