package dev.unroot.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.unroot.Eventually;
import dev.unroot.TrustingClient;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.OutputStream;
import java.net.URL;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The role grants what Unroot uses and nothing besides: the audit log tells every request it made. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class RoleIT {
    private static final String USER = "system:serviceaccount:unroot:unroot";

    @Test
    void everyVerbIsUsedAndNoneIsMissing(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        // Without platforms in the configuration, the nodes' are watched.
        String config = images.settingsForAnyPlatform();
        try (WebhookInstallation installation = new WebhookInstallation(controlPlane, config, "pullSecrets: cluster")) {
            assertThatAllIsUsed(controlPlane, installation, images);
        }
    }

    /** Secret, Lease and webhooks by their names, which are looked after without pull secrets here. */
    @Test
    void everyVerbOfAnOwnCertificateIsUsedAndNoneIsMissing(ControlPlane controlPlane, ImageRegistry images)
            throws Exception {
        try (WebhookInstallation installation =
                WebhookInstallation.selfManaged(controlPlane, images.settingsForAnyPlatform())) {
            Set<String> granted = assertThatAllIsUsed(controlPlane, installation, images);
            assertThat(granted)
                    .contains("secrets unroot-certificate update", "leases.coordination.k8s.io unroot update");
        }
    }

    private static Set<String> assertThatAllIsUsed(
            ControlPlane controlPlane, WebhookInstallation installation, ImageRegistry images) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        Instant begin = Instant.now();
        installation.addReplica();
        installation.awaitCalls();
        String namespace = "role-" + UUID.randomUUID();
        Namespaces.enforcing(admin, namespace);
        Pod pod = Pods.of(namespace, "app", images.numeric());
        pod.getSpec().setImagePullSecrets(List.of(new LocalObjectReference("pull")));
        admin.resource(pod).create();
        admin.resource(Workloads.of(admin, "Deployment", namespace, images.named()))
                .create();
        admin.namespaces().withName(namespace).edit(Namespaces.labelled("unroot.dev/enforce", "explicit"));
        reviewInANamespaceThatIsNotKnown(installation);

        Set<String> granted = granted(installation.chart());
        Eventually.await("each granted verb in the audit log", () -> {
            assertThat(used(controlPlane, begin, installation.chart())).isEqualTo(granted);
            return true;
        });
        System.out.println("The chart's roles grant, and Unroot used: " + granted);
        assertThat(controlPlane
                        .auditLog()
                        .events(event -> isOurs(event, begin)
                                && event.at("/responseStatus/code").asInt() == 403))
                .isEmpty();
        return granted;
    }

    /** An API server asks for one only in the moment before the watch tells of it. */
    private static void reviewInANamespaceThatIsNotKnown(WebhookInstallation installation) throws Exception {
        HttpsURLConnection call = (HttpsURLConnection)
                new URL("https://localhost:" + installation.relay().port() + "/validate?timeout=10s").openConnection();
        call.setSSLSocketFactory(
                TrustingClient.of(installation.caBundle()).sslContext().getSocketFactory());
        // It serves the name of its Service, which only API servers call it by.
        call.setHostnameVerifier((name, session) -> name.equals("localhost"));
        call.setReadTimeout(30_000);
        call.setRequestProperty("Content-Type", "application/json");
        call.setDoOutput(true);
        try (OutputStream body = call.getOutputStream()) {
            body.write("""
                    {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1",
                     "kind":{"group":"","version":"v1","kind":"Pod"},
                     "resource":{"group":"","version":"v1","resource":"pods"},
                     "namespace":"nowhere","operation":"CREATE","userInfo":{"username":"jane"},
                     "object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"app","namespace":"nowhere"},
                     "spec":{"containers":[{"name":"app","image":"app"}]}}}}
                    """.getBytes(UTF_8));
        }
        assertThat(call.getResponseCode()).isEqualTo(500);
    }

    /** Lines of resource, name where only named objects are meant, and verb. */
    private static Set<String> granted(InstalledChart chart) {
        Set<String> granted = new TreeSet<>();
        for (JsonNode role : chart.roles()) {
            for (JsonNode rule : role.path("rules")) {
                for (JsonNode group : rule.path("apiGroups")) {
                    for (JsonNode resource : rule.path("resources")) {
                        for (JsonNode verb : rule.path("verbs")) {
                            for (String name : names(rule)) {
                                granted.add(right(group.asText(), resource.asText(), name, verb.asText()));
                            }
                        }
                    }
                }
            }
        }
        return granted;
    }

    /** Those that a rule is for; one empty name where it is for all. */
    private static List<String> names(JsonNode rule) {
        if (!rule.has("resourceNames")) {
            return List.of("");
        }
        List<String> names = new ArrayList<>();
        rule.get("resourceNames").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** The same lines of what was asked for: with a name where one is needed. */
    private static Set<String> used(ControlPlane controlPlane, Instant begin, InstalledChart chart) throws Exception {
        Set<String> granted = granted(chart);
        Set<String> used = new TreeSet<>();
        for (JsonNode event : controlPlane.auditLog().events(event -> isOurs(event, begin) && event.has("objectRef"))) {
            JsonNode object = event.get("objectRef");
            String group = object.path("apiGroup").asText();
            String resource = object.path("resource").asText();
            String verb = event.path("verb").asText();
            String any = right(group, resource, "", verb);
            used.add(
                    granted.contains(any)
                            ? any
                            : right(group, resource, object.path("name").asText(), verb));
        }
        return used;
    }

    private static String right(String group, String resource, String name, String verb) {
        String kind = group.isEmpty() ? resource : resource + "." + group;
        return name.isEmpty() ? kind + " " + verb : kind + " " + name + " " + verb;
    }

    private static boolean isOurs(JsonNode event, Instant begin) {
        return event.at("/user/username").asText().equals(USER)
                && !Instant.parse(event.at("/requestReceivedTimestamp").asText())
                        .isBefore(begin);
    }
}
