package dev.unroot.e2e.cluster;

import dev.unroot.TestAuthority;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Unroot as a cluster has it: namespace, ServiceAccount and role, a Service with replicas behind it, and the
 * ValidatingWebhookConfiguration that makes the API server call them.
 *
 * <p>The Service is an ExternalName of {@code localhost}, because a Service's endpoints may not be on loopback: the API
 * server dials localhost on the Service's port, and otherwise does all it does for a Service in a cluster.
 */
final class WebhookInstallation implements AutoCloseable {
    static final String NAMESPACE = "unroot";
    static final String SERVER_NAME = "unroot.unroot.svc";
    /** As in the ValidatingWebhookConfiguration; audit annotations begin with it. */
    static final String WEBHOOK = "validate.unroot.dev";

    private final KubernetesClient admin;
    private final Path folder;
    private final TestAuthority authority = new TestAuthority("test webhook");
    private final Relay relay;
    private final List<UnrootProcess> replicas = new ArrayList<>();
    private final Path kubeconfig;
    private final Path configuration;

    /** @param settings YAML, what the configuration file says besides its certificate */
    WebhookInstallation(ControlPlane controlPlane, String settings) throws Exception {
        this.admin = controlPlane.admin();
        this.folder = Files.createTempDirectory(controlPlane.folder(), "unroot-");
        this.relay = new Relay();
        install();
        this.kubeconfig = controlPlane.serviceAccountKubeconfig(NAMESPACE, "unroot");
        authority.server(SERVER_NAME, "localhost").writeTo(folder, "webhook");
        this.configuration = Files.writeString(
                folder.resolve("unroot.yaml"),
                """
                apiVersion: unroot.dev/v1
                kind: UnrootConfiguration
                certificates: {certFile: "%s", keyFile: "%s"}
                """.formatted(folder.resolve("webhook.crt"), folder.resolve("webhook.key")) + settings);
    }

    private void install() throws IOException {
        apply(new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .build());
        apply(new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("unroot")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .build());
        apply(admin.getKubernetesSerialization().unmarshal(resource("role.yaml"), ClusterRole.class));
        apply(new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("unroot")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "unroot")
                .addNewSubject(null, "ServiceAccount", "unroot", NAMESPACE)
                .build());
        apply(new ServiceBuilder()
                .withNewMetadata()
                .withName("unroot")
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withType("ExternalName")
                .withExternalName("localhost")
                .endSpec()
                .build());
    }

    private void apply(HasMetadata object) {
        admin.resource(object).forceConflicts().serverSideApply();
    }

    /** Starts one more replica behind the Service. */
    UnrootProcess addReplica() throws IOException, InterruptedException {
        Path log = folder.resolve("replica-" + replicas.size() + ".log");
        UnrootProcess replica = UnrootProcess.start(log, configuration, kubeconfig);
        replicas.add(replica);
        relay.add(replica.port());
        return replica;
    }

    Relay relay() {
        return relay;
    }

    TestAuthority authority() {
        return authority;
    }

    /** Has the API server call the webhook for everything it judges, failing closed; returns once it does. */
    void enable() throws IOException, InterruptedException {
        configure("Fail", 10);
        awaitCalls();
    }

    /** Returns once the API server calls the webhook. */
    void awaitCalls() throws InterruptedException {
        Eventually.await("the webhook to be called", () -> !acceptsAnInvalidLabel());
    }

    /** Writes the ValidatingWebhookConfiguration; the API server notices a moment later. */
    void configure(String failurePolicy, int timeoutSeconds) throws IOException {
        String yaml = resource("webhook.yaml")
                .replace("${name}", "unroot")
                .replace("${port}", Integer.toString(relay.port()))
                .replace("${failurePolicy}", failurePolicy)
                .replace("${timeoutSeconds}", Integer.toString(timeoutSeconds))
                .replace(
                        "${caBundle}",
                        Base64.getEncoder()
                                .encodeToString(authority.certificate().getBytes(StandardCharsets.UTF_8)));
        apply((HasMetadata) admin.getKubernetesSerialization().unmarshal(yaml));
    }

    /** The API server no longer calls it. */
    void disable() throws InterruptedException {
        admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName("unroot")
                .delete();
        Eventually.await("the webhook to be left alone", this::acceptsAnInvalidLabel);
    }

    /** A question without consequences, whose answer depends on nothing but whether the webhook is asked. */
    private boolean acceptsAnInvalidLabel() {
        try {
            admin.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName("is-the-webhook-called")
                            .withLabels(Map.of("unroot.dev/enforce", "no-level"))
                            .endMetadata()
                            .build())
                    .dryRun()
                    .create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getMessage().contains("which is no level")) {
                return false;
            }
            throw e;
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = WebhookInstallation.class.getResourceAsStream("/e2e/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Takes the webhook out of the API server's way, then ends the replicas; how they drain is a test of its own. */
    @Override
    public void close() throws IOException, InterruptedException {
        disable();
        for (UnrootProcess replica : replicas) {
            replica.kill();
        }
        relay.close();
    }
}
