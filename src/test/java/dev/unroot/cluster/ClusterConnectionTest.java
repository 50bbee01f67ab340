package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ClusterConnectionTest {
    private final ApiServer server = new ApiServer();

    @TempDir
    Path folder;

    private Path home;
    private Path account;

    @BeforeEach
    void folders() throws Exception {
        home = Files.createDirectory(folder.resolve("home"));
        account = Files.createDirectory(folder.resolve("account"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void usesThePodsServiceAccountAndItsNewestToken() throws Exception {
        mount("first\n");
        try (ClusterConnection connection = open(inCluster())) {
            assertThat(connection).hasToString(server.address() + " (the pod's service account)");
            RecordedRequest request = request(connection);
            assertThat(request.getHeader("Authorization")).isEqualTo("Bearer first");
            assertThat(request.getHeader("User-Agent")).isEqualTo("unroot/1.2.3");
            Files.writeString(account.resolve("token"), "second");
            assertThat(request(connection).getHeader("Authorization")).isEqualTo("Bearer second");
            Files.delete(account.resolve("token"));
            assertThat(request(connection).getHeader("Authorization"))
                    .as("the last one known")
                    .isEqualTo("Bearer second");
        }
    }

    @Test
    void trustsTheClustersAuthorityOnly() throws Exception {
        mount("token");
        try (ApiServer other = new ApiServer()) {
            Files.copy(Path.of(other.certificateFile()), folder.resolve("other.crt"));
        }
        Files.move(
                folder.resolve("other.crt"),
                account.resolve("ca.crt"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (ClusterConnection connection = open(inCluster())) {
            int before = server.requests().size();
            assertThatThrownBy(() -> connection.client().namespaces().list())
                    .hasStackTraceContaining("SSLHandshake")
                    .satisfies(failure -> assertThat(ClusterException.reason(failure, "list on namespaces"))
                            .isEqualTo("the API server could not prove by TLS who it is: its certificate is by another"
                                    + " CA than the trusted one of the same name. Let the kubeconfig, or the"
                                    + " pod's service account, name the CA that it has now"));
            assertThat(server.requests()).hasSize(before);
        }
    }

    @Test
    void anApiServerWithoutTlsIsToldAsSuch() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> answerInPlain(plain));
            answering.start();
            Path file = kubeconfig(folder.resolve("plain"), "mine");
            String address = "https://127.0.0.1:" + plain.getLocalPort() + "/";
            Files.writeString(file, Files.readString(file).replace(server.address(), address));
            try (ClusterConnection connection = open(Map.of("KUBECONFIG", file.toString()))) {
                assertThatThrownBy(() -> connection.client().namespaces().list())
                        .satisfies(failure -> assertThat(ClusterException.reason(failure, "list on namespaces"))
                                .isEqualTo("the API server could not be talked to: what answers there speaks no TLS."
                                        + " Correct the kubeconfig's server: its port, and http or https"));
            }
            plain.close();
            answering.join();
        }
    }

    private static void answerInPlain(ServerSocket plain) {
        while (!plain.isClosed()) {
            try (Socket connection = plain.accept()) {
                connection.getInputStream().read();
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                // Until the test ends.
            }
        }
    }

    @Test
    void prefersTheKubeconfigThatIsNamed() throws Exception {
        mount("pod");
        Path file = kubeconfig(folder.resolve("named"), "named");
        Map<String, String> environment = new java.util.HashMap<>(inCluster());
        environment.put("KUBECONFIG", file.toString());
        try (ClusterConnection connection = open(environment)) {
            assertThat(connection).hasToString(server.address() + " (kubeconfig " + file + ")");
            assertThat(request(connection).getHeader("Authorization")).isEqualTo("Bearer named");
        }
    }

    @Test
    void fallsBackToTheUsersKubeconfig() throws Exception {
        Files.createDirectory(home.resolve(".kube"));
        kubeconfig(home.resolve(".kube/config"), "mine");
        try (ClusterConnection connection = open(Map.of())) {
            assertThat(request(connection).getHeader("Authorization")).isEqualTo("Bearer mine");
        }
    }

    @Test
    void hasTimeouts() throws Exception {
        Config config = search(Map.of(
                        "KUBECONFIG",
                        kubeconfig(folder.resolve("named"), "named").toString()))
                .find()
                .config();
        ClusterConnection.open("1.2.3", new ClusterConfig.Found(config, "test")).close();
        assertThat(config.getConnectionTimeout()).isEqualTo(5_000);
        assertThat(config.getRequestTimeout()).isEqualTo(10_000);
    }

    @Test
    void namesEveryPlaceWhereNoClusterWasFound() {
        assertThatThrownBy(() -> search(Map.of()).find())
                .isInstanceOf(ClusterException.class)
                .hasMessage("no cluster to be found: KUBECONFIG is not set; KUBERNETES_SERVICE_HOST and"
                        + " KUBERNETES_SERVICE_PORT are not set, so this is no pod; " + home.resolve(".kube/config")
                        + " does not exist. With --standalone Unroot needs none.");
        assertThatThrownBy(() -> search(inCluster()).find())
                .hasMessageContaining("this looks like a pod, but " + account + " holds no readable token and ca.crt")
                .hasMessageContaining("--standalone");
    }

    @Test
    void saysWhatIsWrongWithAKubeconfig() throws Exception {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(
                        () -> search(Map.of("KUBECONFIG", missing.toString())).find())
                .hasMessageContaining("KUBECONFIG names " + missing + ", which is no file");
        assertThatThrownBy(() -> search(Map.of("KUBECONFIG", "/a:/b")).find())
                .hasMessageContaining("several files (/a:/b)");
        Path broken = Files.writeString(folder.resolve("broken"), "contexts: {");
        assertThatThrownBy(() -> search(Map.of("KUBECONFIG", broken.toString())).find())
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("kubeconfig " + broken + " cannot be read: ")
                .hasMessageNotContaining("reached");
        Path contextless = Files.writeString(folder.resolve("contextless"), "apiVersion: v1\nkind: Config\n");
        assertThatThrownBy(() ->
                        search(Map.of("KUBECONFIG", contextless.toString())).find())
                .hasMessageContaining("has no current-context");
    }

    private void mount(String token) throws Exception {
        Files.copy(Path.of(server.certificateFile()), account.resolve("ca.crt"));
        Files.writeString(account.resolve("token"), token);
    }

    private Path kubeconfig(Path file, String token) throws Exception {
        return Files.writeString(file, """
            apiVersion: v1
            kind: Config
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: me}}]
            clusters: [{name: here, cluster: {server: "%s", certificate-authority: "%s"}}]
            users: [{name: me, user: {token: "%s"}}]
            """.formatted(server.address(), server.certificateFile(), token));
    }

    private Map<String, String> inCluster() {
        URI address = URI.create(server.address());
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                address.getHost(),
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(address.getPort()));
    }

    private ClusterConfig search(Map<String, String> environment) {
        return new ClusterConfig(environment, home, account);
    }

    private ClusterConnection open(Map<String, String> environment) {
        return ClusterConnection.open("1.2.3", search(environment).find());
    }

    private RecordedRequest request(ClusterConnection connection) {
        int before = server.requests().size();
        connection.client().namespaces().list();
        return server.requests().get(before);
    }
}
