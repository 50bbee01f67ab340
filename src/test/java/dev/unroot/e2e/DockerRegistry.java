package dev.unroot.e2e;

import dev.unroot.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's {@code docker-registry}, plain HTTP on loopback, with everything in one folder; tests that need it need {@link RealImages}, too. */
public final class DockerRegistry implements AutoCloseable {
    private final Daemon daemon;
    private final int port;

    private DockerRegistry(Daemon daemon, int port) {
        this.daemon = daemon;
        this.port = port;
    }

    public static DockerRegistry start(Path folder) throws IOException, InterruptedException {
        return start(folder, "");
    }

    /** @param more lines for its configuration */
    static DockerRegistry start(Path folder, String more) throws IOException, InterruptedException {
        return start(folder, more, Ports.free(), Map.of());
    }

    /** With the certificate and key of {@code tls.crt} and {@code tls.key} in the folder. */
    static DockerRegistry startTls(Path folder) throws IOException, InterruptedException {
        return start(
                folder,
                "",
                Ports.free(),
                Map.of(
                        "REGISTRY_HTTP_TLS_CERTIFICATE",
                        folder.resolve("tls.crt").toString(),
                        "REGISTRY_HTTP_TLS_KEY",
                        folder.resolve("tls.key").toString()));
    }

    /** Where another one was, with what it had. */
    DockerRegistry startAgain(Path folder) throws IOException, InterruptedException {
        return start(folder, "", port, Map.of());
    }

    private static DockerRegistry start(Path folder, String more, int port, Map<String, String> environment)
            throws IOException, InterruptedException {
        Programs.require("docker-registry", "skopeo", "umoci");
        Path configuration = folder.resolve("registry.yml");
        Files.writeString(configuration, """
                version: 0.1
                log: {level: warn}
                storage:
                  filesystem: {rootdirectory: %s}
                http: {addr: "127.0.0.1:%d"}
                %s
                """.formatted(Files.createDirectories(folder.resolve("storage")), port, more));
        Daemon daemon = Daemon.start(
                        "docker-registry",
                        folder.resolve("registry.log"),
                        environment,
                        List.of("docker-registry", "serve", configuration.toString()))
                .await(() -> Ports.answers(port));
        return new DockerRegistry(daemon, port);
    }

    /** Host and port, as an image reference begins. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /** The host by another name for the loopback address. */
    String localhost() {
        return "localhost:" + port;
    }

    void pause() throws IOException, InterruptedException {
        daemon.pause();
    }

    void kill() throws InterruptedException {
        daemon.kill();
    }

    @Override
    public void close() throws InterruptedException {
        daemon.close();
    }
}
