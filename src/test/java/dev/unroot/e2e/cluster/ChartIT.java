package dev.unroot.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.Eventually;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The chart, rendered and applied to a real API server. */
@ExtendWith(Cluster.class)
@Tag(Assets.OLDEST_KUBERNETES)
class ChartIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "charted";
    private static final String NAMED =
            "image: {repository: registry.example/unroot}\nfullnameOverride: " + NAME + "\n";
    private static final String ENFORCE = "unroot.dev/enforce";

    /**
     * Every example of values, with cert-manager's and the Prometheus operator's kinds. Each field stays as it is
     * written: where the API server wrote "1" for "1000m", Argo CD and the like would see a change without end.
     */
    @Test
    void isAcceptedAsItIsWithStrictValidationAndNoWarning(ControlPlane controlPlane) throws Exception {
        KubernetesClient admin = controlPlane.admin();
        for (String namespace : List.of("unroot", "shop", "blog", "monitoring")) {
            present(admin, namespace);
        }
        try (OthersKinds others = OthersKinds.ofTheChart(admin)) {
            int accepted = 0;
            for (Path values : Chart.matrix()) {
                String text = Files.readString(values);
                // Not the name that the other tests' installation has.
                Rendered rendered = Chart.render(
                        text.contains("fullnameOverride") ? text : text + "fullnameOverride: " + NAME + "\n");
                Programs.Result result = dryRun(controlPlane, rendered.objects());
                assertThat(result.exit()).as("%s: %s", values, result.err()).isZero();
                assertThat(result.err()).as("%s", values).isEmpty();
                assertThat(Drift.between(
                                rendered.objects(), JSON.readTree(result.out()).path("items")))
                        .as("%s", values)
                        .isEmpty();
                accepted++;
            }
            System.out.println(
                    "The API server accepted the chart with " + accepted + " sets of values, without a warning");
            assertThat(accepted).isGreaterThan(15);
        }
    }

    /** What makes the test above one that can fail. */
    @Test
    void strictValidationKnowsTheFieldsOfOthersKinds(ControlPlane controlPlane) throws Exception {
        present(controlPlane.admin(), "unroot");
        try (OthersKinds others = OthersKinds.ofTheChart(controlPlane.admin())) {
            ObjectNode certificate = Chart.render(NAMED + "certificates: {source: cert-manager}\n")
                    .all("Certificate")
                    .get(0)
                    .deepCopy();
            certificate.withObject("/spec").put("dnsName", "unroot");

            Programs.Result result = dryRun(controlPlane, List.of(certificate));

            assertThat(result.exit()).isEqualTo(1);
            assertThat(result.err()).contains("Certificate.spec").contains("unknown field \"dnsName\"");
        }
    }

    private static Programs.Result dryRun(ControlPlane controlPlane, List<JsonNode> objects) throws Exception {
        return controlPlane
                .kubectl(controlPlane.adminKubeconfig())
                .runWith(
                        list(objects),
                        "apply",
                        "--server-side",
                        "--force-conflicts",
                        "--dry-run=server",
                        "--validate=strict",
                        "--output=json");
    }

    /** Other tests may have made it. */
    private static void present(KubernetesClient admin, String namespace) throws InterruptedException {
        if (admin.namespaces().withName(namespace).get() == null) {
            Namespaces.create(admin, namespace, Map.of());
        } else {
            Namespaces.awaitServiceAccount(admin, namespace, "default");
        }
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
        present(admin, "kube-system");
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("outage-absent", "");
        for (String value : List.of("none", "nonroot", "hardened", "explicit", "nonrot")) {
            labels.put("outage-" + value, value);
        }
        for (Map.Entry<String, String> namespace : labels.entrySet()) {
            String value = namespace.getValue();
            Namespaces.create(admin, namespace.getKey(), value.isEmpty() ? Map.of() : Map.of(ENFORCE, value));
        }
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
