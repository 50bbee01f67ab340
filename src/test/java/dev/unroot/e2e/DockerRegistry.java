package dev.unroot.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Debian's {@code docker-registry}, plain HTTP on loopback, with everything in one folder. */
final class DockerRegistry implements AutoCloseable {
    private final Process process;
    private final int port;

    private DockerRegistry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static DockerRegistry start(Path folder) throws IOException, InterruptedException {
        int port = freePort();
        Path configuration = folder.resolve("registry.yml");
        Files.writeString(configuration, """
                version: 0.1
                log: {level: warn}
                storage:
                  filesystem: {rootdirectory: %s}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(Files.createDirectories(folder.resolve("storage")), port));
        Process process = new ProcessBuilder("docker-registry", "serve", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("registry.log").toFile())
                .start();
        DockerRegistry registry = new DockerRegistry(process, port);
        for (int attempt = 0; attempt < 200; attempt++) {
            if (answers(port)) {
                return registry;
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(50);
        }
        registry.close();
        throw new AssertionError("docker-registry did not start: " + Files.readString(folder.resolve("registry.log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Host and port, as an image reference begins. */
    String host() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
