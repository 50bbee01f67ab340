package dev.unroot.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.chart.Chart;
import dev.unroot.chart.Rendered;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the chart installs, as far as it can do without nodes: identity, rights, configuration, and webhooks. */
final class InstalledChart {
    private static final List<String> IDENTITY =
            List.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
    /** Made empty, for the replicas to write into. */
    private static final List<String> STATE = List.of("Secret", "Lease");

    private static final String WEBHOOKS = "ValidatingWebhookConfiguration";

    private final KubernetesClient client;
    private final Rendered rendered;

    /**
     * @param certificates YAML, the value of that name
     * @param config YAML, the configuration file without what the chart writes itself
     * @param values YAML, more of the chart's values
     */
    InstalledChart(KubernetesClient client, String certificates, String config, String values) {
        this.client = client;
        this.rendered = Chart.render(
                """
                image: {repository: registry.example/unroot}
                certificates:
                %s
                config: %s
                %s
                """.formatted(certificates.indent(2), config.isEmpty() ? "{}" : "\n" + config.indent(2), values));
    }

    /** A Secret of type kubernetes.io/tls that somebody else looks after. @param caBundle PEM */
    static String existingSecret(String caBundle) {
        return """
                source: existing-secret
                existingSecret:
                  name: webhook
                  caBundle: |
                """ + caBundle.indent(4);
    }

    void applyIdentity() {
        IDENTITY.forEach(kind -> rendered.all(kind).forEach(this::apply));
        STATE.forEach(kind -> rendered.all(kind).forEach(this::apply));
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
        webhooks().delete();
    }

    /** As they are in the cluster. */
    Resource<ValidatingWebhookConfiguration> webhooks() {
        return client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(rendered.one(WEBHOOKS).at("/metadata/name").asText());
    }

    /** All but the ServiceAccount, whose tokens may be in use. */
    void deleteRights() {
        IDENTITY.subList(1, IDENTITY.size()).forEach(this::delete);
        STATE.forEach(this::delete);
    }

    private void delete(String kind) {
        rendered.all(kind).forEach(object -> client.resource(object(object)).delete());
    }

    String configuration(Path certificate, Path key) {
        return configuration(rendered, certificate, key);
    }

    /** The configuration file with the namespace that a pod would know, and a certificate in these files if in any. */
    static String configuration(Rendered rendered, Path certificate, Path key) {
        return rendered.configuration()
                .replaceAll("(?m)^(certificates|leaderElection):$", "$0\n  namespace: " + WebhookInstallation.NAMESPACE)
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
