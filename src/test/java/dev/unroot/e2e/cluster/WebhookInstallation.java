package dev.unroot.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.unroot.TestAuthority;
import dev.unroot.e2e.Programs;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Unroot as the chart installs it, with replicas behind its Service that are processes here.
 *
 * <p>The Service is an ExternalName of {@code localhost}, because a Service's endpoints may not be on loopback: the API
 * server dials localhost on the Service's port, and otherwise does all it does for a Service in a cluster.
 */
final class WebhookInstallation implements AutoCloseable {
    static final String NAMESPACE = "unroot";
    private static final String CONFIGURATION = "config.yaml";
    static final String SERVER_NAME = "unroot.unroot.svc";

    private final KubernetesClient admin;
    private final Path folder;
    private final @Nullable TestAuthority authority;
    private final Relay relay;
    private final InstalledChart chart;
    private final List<UnrootProcess> replicas = new ArrayList<>();
    private final Path kubeconfig;
    private final AtomicVolume volume;
    private final Path configuration;

    /** @param config YAML, what the configuration file says besides what the chart writes */
    WebhookInstallation(ControlPlane controlPlane, String config) throws Exception {
        this(controlPlane, config, "");
    }

    /**
     * With a certificate in files.
     *
     * @param values YAML, more of the chart's values
     */
    WebhookInstallation(ControlPlane controlPlane, String config, String values) throws Exception {
        this(controlPlane, new TestAuthority("test webhook"), config, values);
    }

    /** With a certificate that Unroot looks after itself. */
    static WebhookInstallation selfManaged(ControlPlane controlPlane, String config) throws Exception {
        return new WebhookInstallation(controlPlane, null, config, "");
    }

    private WebhookInstallation(
            ControlPlane controlPlane, @Nullable TestAuthority authority, String config, String values)
            throws Exception {
        this.admin = controlPlane.admin();
        this.authority = authority;
        this.folder = Files.createTempDirectory(controlPlane.folder(), "unroot-");
        this.relay = new Relay();
        this.chart = new InstalledChart(
                admin,
                authority == null ? "source: self-managed" : InstalledChart.existingSecret(authority.certificate()),
                config,
                values);
        apply(new NamespaceBuilder()
                .withNewMetadata()
                .withName(NAMESPACE)
                .endMetadata()
                .build());
        chart.applyIdentity();
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
        this.kubeconfig = controlPlane.serviceAccountKubeconfig(NAMESPACE, "unroot");
        if (authority != null) {
            authority.server(SERVER_NAME, "localhost").writeTo(folder, "webhook");
        }
        Path mount = folder.resolve("configuration");
        this.volume = new AtomicVolume(mount, (Integer) Files.getAttribute(folder, "unix:gid"));
        this.configuration = mount.resolve(CONFIGURATION);
        configure(chart.configuration(folder.resolve("webhook.crt"), folder.resolve("webhook.key")));
        // As Helm does, before there is a replica: one is ready once this trusts what it serves.
        chart.applyWebhooks(relay.port());
    }

    private void apply(HasMetadata object) {
        admin.resource(object).forceConflicts().serverSideApply();
    }

    /** With one replica, which the API server calls; where that fails, nothing is left of it. */
    WebhookInstallation withReplica() throws IOException, InterruptedException {
        try {
            addReplica();
            awaitCalls();
            return this;
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Starts one more replica behind the Service. */
    UnrootProcess addReplica() throws IOException, InterruptedException {
        return addReplicas(1).get(0);
    }

    /** Starts some at the same time, and returns when all are ready. */
    List<UnrootProcess> addReplicas(int count) throws IOException, InterruptedException {
        List<UnrootProcess> starting = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            starting.add(launchReplica());
        }
        for (UnrootProcess replica : starting) {
            replica.awaitReady();
            relay.add(replica.port());
        }
        return starting;
    }

    /** Starts one more behind the Service, by a command of the test's. */
    UnrootProcess addReplica(UnrootProcess.Start start) throws IOException, InterruptedException {
        UnrootProcess replica = launchReplica(start);
        replica.awaitReady();
        relay.add(replica.port());
        return replica;
    }

    /** Starts one that is not behind the Service, and returns at once. */
    UnrootProcess launchReplica() throws IOException {
        return launchReplica(Programs::unrootCommand);
    }

    private UnrootProcess launchReplica(UnrootProcess.Start start) throws IOException {
        Path log = folder.resolve("replica-" + replicas.size() + ".log");
        UnrootProcess replica = UnrootProcess.launch(log, configuration, kubeconfig, start);
        replicas.add(replica);
        return replica;
    }

    Relay relay() {
        return relay;
    }

    /** Whose certificate the replicas serve; only where that is in files. */
    TestAuthority authority() {
        return Objects.requireNonNull(authority, "Unroot is its own authority here");
    }

    /** PEM, what API servers trust. */
    String caBundle() {
        String base64 =
                chart.webhooks().get().getWebhooks().get(0).getClientConfig().getCaBundle();
        return new String(Base64.getDecoder().decode(base64), UTF_8);
    }

    /** What every replica reads. */
    String configuration() throws IOException {
        return Files.readString(configuration);
    }

    /** Changes it as the kubelet changes a mounted ConfigMap. */
    void configure(String text) throws IOException {
        volume.write(Map.of(CONFIGURATION, text), 0644);
    }

    InstalledChart chart() {
        return chart;
    }

    /** Returns once the API server calls the webhook. */
    void awaitCalls() throws InterruptedException {
        WebhookCalls.await(admin);
    }

    /** The API server no longer calls it. */
    void disable() throws InterruptedException {
        chart.deleteWebhooks();
        WebhookCalls.awaitNone(admin);
    }

    /** Takes the webhook out of the API server's way, then ends the replicas; how they drain is a test of its own. */
    @Override
    public void close() throws IOException, InterruptedException {
        disable();
        for (UnrootProcess replica : replicas) {
            replica.kill();
        }
        relay.close();
        chart.deleteRights();
    }
}
