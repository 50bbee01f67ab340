package dev.unroot.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.chart.Chart;
import dev.unroot.chart.Rendered;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the chart installs, as far as it can do without nodes: identity, rights, configuration, and webhooks. */
final class InstalledChart {
    private static final List<String> IDENTITY =
            List.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
    private static final String WEBHOOKS = "ValidatingWebhookConfiguration";

    private final KubernetesClient client;
    private final Rendered rendered;

    /**
     * @param config YAML, the configuration file without what the chart writes itself
     * @param values YAML, more of the chart's values
     */
    InstalledChart(KubernetesClient client, String caBundle, String config, String values) {
        this.client = client;
        this.rendered = Chart.render(
                """
                image: {repository: registry.example/unroot}
                certificates:
                  source: existing-secret
                  existingSecret:
                    name: webhook
                    caBundle: |
                %s
                config: %s
                %s
                """.formatted(caBundle.indent(6), config.isEmpty() ? "{}" : "\n" + config.indent(2), values));
    }

    void applyIdentity() {
        IDENTITY.forEach(kind -> rendered.all(kind).forEach(this::apply));
    }

    /** @param port of the Service, which the chart has as 443 */
    void applyWebhooks(int port) {
        JsonNode webhooks = rendered.one(WEBHOOKS).deepCopy();
        for (JsonNode webhook : webhooks.path("webhooks")) {
            ((ObjectNode) webhook.at("/clientConfig/service")).put("port", port);
        }
        apply(webhooks);
    }

    void deleteWebhooks() {
        client.resource(object(rendered.one(WEBHOOKS))).delete();
    }

    /** All but the ServiceAccount, whose tokens may be in use. */
    void deleteRights() {
        for (String kind : IDENTITY.subList(1, IDENTITY.size())) {
            rendered.all(kind).forEach(role -> client.resource(object(role)).delete());
        }
    }

    String configuration(Path certificate, Path key) {
        return configuration(rendered, certificate, key);
    }

    /** The configuration file, with a certificate in these files, and with the namespace that a pod would know. */
    static String configuration(Rendered rendered, Path certificate, Path key) {
        return rendered.configuration()
                .replace("certificates:\n", "certificates:\n  namespace: " + WebhookInstallation.NAMESPACE + "\n")
                .replaceAll("certFile: .*", "certFile: " + certificate)
                .replaceAll("keyFile: .*", "keyFile: " + key);
    }

    /** Roles of both kinds. */
    List<JsonNode> roles() {
        List<JsonNode> roles = new ArrayList<>(rendered.all("ClusterRole"));
        roles.addAll(rendered.all("Role"));
        return roles;
    }

    private void apply(JsonNode rendered) {
        client.resource(object(rendered)).forceConflicts().serverSideApply();
    }

    private HasMetadata object(JsonNode rendered) {
        return client.getKubernetesSerialization().unmarshal(rendered.toString());
    }
}
