package dev.unroot.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's {@code docker-registry}, plain HTTP on loopback, with everything in one folder. */
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
        int port = Ports.free();
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
                        Map.of(),
                        List.of("docker-registry", "serve", configuration.toString()))
                .await(() -> Ports.answers(port));
        return new DockerRegistry(daemon, port);
    }

    /** Host and port, as an image reference begins. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        daemon.close();
    }
}
