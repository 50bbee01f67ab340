package dev.unroot.e2e.cluster;

import dev.unroot.Ports;
import dev.unroot.e2e.Daemon;
import dev.unroot.e2e.Programs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One replica: {@code serve} out of the packaged jar as a process of its own, with a ServiceAccount's kubeconfig. */
final class UnrootProcess implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    private final Daemon daemon;
    private final int port;
    private final int managementPort;

    private UnrootProcess(Daemon daemon, int port, int managementPort) {
        this.daemon = daemon;
        this.port = port;
        this.managementPort = managementPort;
    }

    /** Returns once it says that it is ready. */
    static UnrootProcess start(Path log, Path configuration, Path kubeconfig) throws IOException, InterruptedException {
        UnrootProcess replica = launch(log, configuration, kubeconfig);
        replica.awaitReady();
        return replica;
    }

    /** Returns at once. */
    static UnrootProcess launch(Path log, Path configuration, Path kubeconfig) throws IOException {
        return launch(log, configuration, kubeconfig, Programs::unrootCommand);
    }

    /** @param start the command that runs Unroot with such arguments */
    static UnrootProcess launch(Path log, Path configuration, Path kubeconfig, Start start) throws IOException {
        int port = Ports.free();
        int managementPort = Ports.free();
        Daemon daemon = Daemon.start(
                "unroot",
                log,
                Map.of("KUBECONFIG", kubeconfig.toString()),
                start.command(
                        "serve",
                        "--config",
                        configuration.toString(),
                        "--port",
                        Integer.toString(port),
                        "--management-port",
                        Integer.toString(managementPort)));
        return new UnrootProcess(daemon, port, managementPort);
    }

    interface Start {
        List<String> command(String... arguments) throws IOException;
    }

    /** Fails, and ends it, where it does not become ready. */
    void awaitReady() throws InterruptedException {
        daemon.await(this::isReady);
    }

    int port() {
        return port;
    }

    /** What the kubelet would see. */
    boolean isReady() throws IOException, InterruptedException {
        return get("/readyz").statusCode() == 200;
    }

    /** What it says is missing, or that it is ready. */
    String readiness() throws IOException, InterruptedException {
        return get("/readyz").body();
    }

    String metrics() throws IOException, InterruptedException {
        return get("/metrics").body();
    }

    /** A metric without labels, by its name. */
    double metric(String name) throws IOException, InterruptedException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    boolean isRunning() {
        return daemon.isRunning();
    }

    String log() {
        return daemon.log();
    }

    /** SIGTERM. */
    void terminate() {
        daemon.terminate();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        daemon.kill();
    }

    /** After {@link #terminate}. */
    int awaitEnd() throws InterruptedException {
        return daemon.awaitEnd();
    }

    @Override
    public void close() throws InterruptedException {
        daemon.close();
    }
}
