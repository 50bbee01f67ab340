package dev.unroot.e2e.cluster;

import dev.unroot.Eventually;
import dev.unroot.Ports;
import dev.unroot.TestAuthority;
import dev.unroot.TrustingClient;
import dev.unroot.e2e.Daemon;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * etcd, kube-apiserver and kube-controller-manager as processes on 127.0.0.1, as a cluster runs them: RBAC, the
 * ServiceAccount admission plugin, an audit log. There are no nodes and no scheduler, so pods stay Pending.
 */
final class ControlPlane implements AutoCloseable {
    private static final Duration READY_PATIENCE = Duration.ofSeconds(10);
    private static final List<String> NAMES = List.of("127.0.0.1", "localhost", "kubernetes.default.svc");
    /** Addresses that nobody here answers. */
    private static final String SERVICES = "10.0.0.0/24";

    private final Assets assets;
    private final Path folder;
    private final TestAuthority authority = new TestAuthority("test cluster");
    private final ControlPlaneCommands commands;
    private final Kubeconfig kubeconfigs;
    private final HttpClient anonymous;
    private final Path adminKubeconfig;
    private final KubernetesClient admin;

    private final Daemon etcd;
    private Daemon apiServer;
    private final Daemon controllerManager;

    private ControlPlane(Assets assets, Path folder, String services, List<String> names) throws Exception {
        this.assets = assets;
        this.folder = folder;
        this.commands = new ControlPlaneCommands(
                assets, folder, services, Ports.free(), Ports.free(), Ports.free(), Ports.free());
        this.kubeconfigs = new Kubeconfig(commands.server(), authority.certificate());
        this.anonymous = TrustingClient.of(authority.certificate());
        writeFiles(names);
        this.adminKubeconfig = kubeconfig("admin", "system:masters");
        Path manager = kubeconfig("system:kube-controller-manager");
        this.admin = Clients.of(adminKubeconfig);
        this.etcd = start("etcd", commands.etcd());
        try {
            etcd.await(() -> Ports.answers(commands.etcdPort()));
            this.apiServer = startApiServer();
            this.controllerManager = start("kube-controller-manager", commands.controllerManager(manager));
            // It makes each namespace's ServiceAccount, without which no pod is admitted.
            controllerManager.await(() -> admin.serviceAccounts()
                            .inNamespace("default")
                            .withName("default")
                            .get()
                    != null);
        } catch (Exception | AssertionError e) {
            stopWhatRuns();
            throw e;
        }
    }

    /** @param folder empty; logs stay there */
    static ControlPlane start(Path folder) throws Exception {
        return new ControlPlane(Assets.find(), folder, SERVICES, NAMES);
    }

    /**
     * One whose Services and pods can be reached.
     *
     * @param services the addresses of Services, in CIDR notation
     * @param address one more that the API server is called by
     */
    static ControlPlane start(Path folder, String services, String address) throws Exception {
        List<String> names = new ArrayList<>(NAMES);
        names.add(address);
        return new ControlPlane(Assets.find(), folder, services, names);
    }

    private void writeFiles(List<String> names) throws IOException {
        Files.writeString(folder.resolve("ca.crt"), authority.certificate());
        authority.server(names.toArray(String[]::new)).writeTo(folder, "apiserver");
        Files.writeString(folder.resolve("service-account.key"), TestAuthority.newKey());
        Files.writeString(folder.resolve("audit-policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived]
                rules:
                  - {level: None, users: ["system:apiserver"]}
                  - {level: Metadata, userGroups: ["system:serviceaccounts:unroot"]}
                  - {level: None, verbs: [watch]}
                  - {level: Metadata}
                """);
    }

    private Daemon start(String name, List<String> command) throws IOException {
        return Daemon.start(name, folder.resolve(name + ".log"), Map.of(), command);
    }

    private Daemon startApiServer() throws IOException, InterruptedException {
        return start("kube-apiserver", commands.apiServer()).await(this::ready);
    }

    private boolean ready() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(commands.server() + "/readyz"))
                .timeout(READY_PATIENCE)
                .build();
        return anonymous.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    }

    /** Stops the API server, as an upgrade would. */
    void stopApiServer() throws InterruptedException {
        apiServer.close();
    }

    /** Starts it again on the same port, after {@link #stopApiServer}. */
    void startApiServerAgain() throws IOException, InterruptedException {
        apiServer = startApiServer();
        // Its connections from before are broken, and noticed to be at the first request.
        Eventually.await(
                "the API server to answer",
                () -> admin.namespaces().withName("default").get() != null);
    }

    /** Of group system:masters, whom RBAC does not bind. One for all tests; not to be closed. */
    KubernetesClient admin() {
        return admin;
    }

    Path adminKubeconfig() {
        return adminKubeconfig;
    }

    /** A kubeconfig for a person, with a client certificate. */
    Path kubeconfig(String user, String... groups) throws IOException {
        return kubeconfigs.write(
                folder.resolve(user.replace(':', '-') + ".kubeconfig"), authority.client(user, groups));
    }

    /** A kubeconfig for a ServiceAccount, with a token that the API server issues for an hour. */
    Path serviceAccountKubeconfig(String namespace, String name) throws IOException {
        return kubeconfigs.write(
                folder.resolve(namespace + "-" + name + ".kubeconfig"), Clients.token(admin, namespace, name));
    }

    /** kubectl of the same version, run by whom the kubeconfig is for. */
    Kubectl kubectl(Path kubeconfig) {
        return new Kubectl(assets.program("kubectl"), kubeconfig, folder);
    }

    /** Where the API server listens, on 127.0.0.1. */
    int port() {
        return commands.apiServerPort();
    }

    AuditLog auditLog() {
        return new AuditLog(commands.auditLog());
    }

    /** Where the processes' logs are, and where others may write theirs. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() throws InterruptedException {
        admin.close();
        stopWhatRuns();
    }

    private void stopWhatRuns() throws InterruptedException {
        for (Daemon daemon : new Daemon[] {controllerManager, apiServer, etcd}) {
            if (daemon != null) {
                daemon.close();
            }
        }
    }
}
