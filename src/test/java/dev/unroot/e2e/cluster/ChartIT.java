package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.TestAuthority;
import dev.unroot.chart.Chart;
import dev.unroot.chart.Rendered;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The chart, rendered and applied to a real API server. */
@ExtendWith(Cluster.class)
class ChartIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "charted";
    private static final String NAMED =
            "image: {repository: registry.example/unroot}\nfullnameOverride: " + NAME + "\n";
    private static final String ENFORCE = "unroot.dev/enforce";

    /** Every example of values whose kinds a cluster has by itself. */
    @Test
    void isAcceptedWithStrictValidationAndNoWarning(ControlPlane controlPlane) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        for (String namespace : List.of("unroot", "shop", "blog")) {
            present(admin, namespace);
        }
        int accepted = 0;
        for (Path values : Chart.matrix()) {
            String text = Files.readString(values);
            // Not the name that the other tests' installation has.
            Rendered rendered =
                    Chart.render(text.contains("fullnameOverride") ? text : text + "fullnameOverride: " + NAME + "\n");
            if (rendered.objects().stream().anyMatch(ChartIT::isOthers)) {
                continue;
            }
            Programs.Result result = controlPlane
                    .kubectl(controlPlane.adminKubeconfig())
                    .runWith(
                            list(rendered.objects()),
                            "apply",
                            "--server-side",
                            "--force-conflicts",
                            "--dry-run=server",
                            "--validate=strict");
            assertThat(result.exit()).as("%s: %s", values, result.err()).isZero();
            assertThat(result.err()).as("%s", values).isEmpty();
            accepted++;
        }
        System.out.println("The API server accepted the chart with " + accepted + " sets of values, without a warning");
        assertThat(accepted).isGreaterThan(10);
    }

    /** Other tests may have made it. */
    private static void present(KubernetesClient admin, String namespace) {
        if (admin.namespaces().withName(namespace).get() == null) {
            Namespaces.create(admin, namespace, Map.of());
        } else {
            Namespaces.awaitServiceAccount(admin, namespace, "default");
        }
    }

    private static boolean isOthers(JsonNode object) {
        String version = object.path("apiVersion").asText();
        return version.startsWith("cert-manager.io/") || version.startsWith("monitoring.coreos.com/");
    }

    private static String list(List<JsonNode> objects) {
        ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        list.putArray("items").addAll(objects);
        return list.toString();
    }

    /** With nobody there to answer, what API servers refuse is what fails closed. */
    @Test
    void anOutageClosesWhatEnforcesAndNothingElse(ControlPlane controlPlane) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        present(admin, "unroot");
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("outage-absent", "");
        for (String value : List.of("none", "nonroot", "hardened", "explicit", "nonrot")) {
            labels.put("outage-" + value, value);
        }
        labels.forEach((namespace, value) ->
                Namespaces.create(admin, namespace, value.isEmpty() ? Map.of() : Map.of(ENFORCE, value)));
        try {
            for (String mode : List.of("audit", "warn", "enforce")) {
                for (String floor : List.of("none", "nonroot")) {
                    Rendered rendered = Chart.render(NAMED + "mode: " + mode + "\nconfig: {floor: " + floor + "}\n");
                    apply(admin, rendered.one("ValidatingWebhookConfiguration"));
                    List<String> closed = new ArrayList<>();
                    for (String namespace : labels.keySet()) {
                        boolean unlabelled = namespace.equals("outage-absent");
                        boolean byLabel = !unlabelled && !namespace.equals("outage-none");
                        if (byLabel || !floor.equals("none") || (unlabelled && mode.equals("enforce"))) {
                            closed.add(namespace);
                        }
                    }
                    Eventually.await(
                            "mode " + mode + " with floor " + floor + " to close " + closed,
                            () -> closed(admin, labels.keySet()).equals(closed));
                    assertThat(closed(admin, List.of("kube-system", "unroot"))).isEmpty();
                }
            }
        } finally {
            webhooks(admin).delete();
        }
        Eventually.await(
                "no webhook to be called", () -> closed(admin, labels.keySet()).isEmpty());
    }

    private static List<String> closed(KubernetesClient admin, Iterable<String> namespaces) {
        List<String> closed = new ArrayList<>();
        for (String namespace : namespaces) {
            try {
                admin.resource(pinned(namespace)).dryRun().create();
            } catch (KubernetesClientException e) {
                if (!e.getMessage().contains("failed calling webhook \"pods.enforce.unroot.dev\"")) {
                    throw e;
                }
                closed.add(namespace);
            }
        }
        return closed;
    }

    private static Pod pinned(String namespace) {
        Pod pod = Pods.of(namespace, "pinned", "registry.example/any:1");
        pod.getSpec().setServiceAccountName("default");
        return pod;
    }

    /** Its ConfigMap, its arguments and its rights are what the webhook runs with; only places are this test's. */
    @Test
    void enforcesOnceInstalledAndLeavesNothing(ControlPlane controlPlane, ImageRegistry images) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        present(admin, "unroot");
        Namespaces.create(admin, "charted-open", Map.of(ENFORCE, "none"));
        Namespaces.create(admin, "charted-default", Map.of());
        Path folder = Files.createTempDirectory(controlPlane.folder(), "chart-");
        TestAuthority authority = new TestAuthority("test chart");
        authority.server(NAME + ".unroot.svc", "localhost").writeTo(folder, "tls");
        Rendered rendered = Chart.render(NAMED + "mode: enforce\nlevel: nonroot\n" + "config:\n"
                + images.settings().indent(2)
                + "certificates:\n  source: existing-secret\n  existingSecret:\n    name: tls\n    caBundle: |\n"
                + authority.certificate().indent(6));
        rendered.objects().forEach(object -> apply(admin, object));
        Relay relay = new Relay();
        Path configuration = Files.writeString(
                folder.resolve("unroot.yaml"),
                InstalledChart.configuration(rendered, folder.resolve("tls.crt"), folder.resolve("tls.key")));
        try (UnrootProcess webhook = UnrootProcess.start(
                folder.resolve("webhook.log"), configuration, controlPlane.serviceAccountKubeconfig("unroot", NAME))) {
            relay.add(webhook.port());
            reachThrough(admin, relay.port());

            Eventually.await("a root pod to be denied", () -> denied(admin, "charted-default", images.root()));
            assertThat(denied(admin, "charted-default", images.numeric())).isFalse();
            assertThat(denied(admin, "charted-open", images.root())).isFalse();
        } finally {
            List<JsonNode> backwards = new ArrayList<>(rendered.objects());
            Collections.reverse(backwards);
            backwards.forEach(object -> admin.resource(typed(admin, object)).delete());
            relay.close();
        }
        for (JsonNode object : rendered.objects()) {
            Eventually.await(
                    object.path("kind").asText() + " to be gone",
                    () -> admin.resource(typed(admin, object)).get() == null);
        }
    }

    /** A Service's endpoints may not be on loopback: API servers are led to the relay instead. */
    private static void reachThrough(KubernetesClient admin, int port) {
        admin.services().inNamespace("unroot").withName(NAME).edit(service -> {
            service.getSpec().setType("ExternalName");
            service.getSpec().setExternalName("localhost");
            service.getSpec().setClusterIP(null);
            service.getSpec().setClusterIPs(null);
            return service;
        });
        webhooks(admin).edit(configuration -> {
            configuration
                    .getWebhooks()
                    .forEach(webhook -> webhook.getClientConfig().getService().setPort(port));
            return configuration;
        });
    }

    private static boolean denied(KubernetesClient admin, String namespace, String image) {
        try {
            admin.resource(Pods.of(namespace, "app", image)).dryRun().create();
            return false;
        } catch (KubernetesClientException e) {
            return e.getMessage()
                    .contains("pods.enforce.unroot.dev\" denied the request: container \"app\" runs as root");
        }
    }

    private static Resource<ValidatingWebhookConfiguration> webhooks(KubernetesClient admin) {
        return admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(NAME);
    }

    private static HasMetadata typed(KubernetesClient admin, JsonNode object) {
        return (HasMetadata) admin.getKubernetesSerialization().unmarshal(object.toString());
    }

    private static void apply(KubernetesClient admin, JsonNode object) {
        admin.resource(typed(admin, object)).forceConflicts().serverSideApply();
    }
}
