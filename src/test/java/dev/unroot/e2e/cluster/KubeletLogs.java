package dev.unroot.e2e.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.unroot.TestAuthority;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The one part of a kubelet's own API that tests ask for: the logs of containers, for {@code kubectl logs}. */
final class KubeletLogs implements AutoCloseable {
    private static final String PREFIX = "/containerLogs/";

    private final HttpsServer server;
    private final Map<String, Path> logs = new ConcurrentHashMap<>();

    KubeletLogs() throws Exception {
        // API servers do not verify it unless they are told to.
        TestAuthority.Issued certificate = new TestAuthority("kubelet").server(TestNode.ADDRESS);
        server = HttpsServer.create(new InetSocketAddress(TestNode.ADDRESS, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.tls()));
        server.createContext(PREFIX, this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** @param log of the pod's only container */
    void add(String namespace, String pod, Path log) {
        logs.put(namespace + "/" + pod, log);
    }

    /** All that was said so far; the path goes on with the container's name. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI()
                    .getPath()
                    .substring(PREFIX.length())
                    .split("/", -1);
            Path log = path.length < 2 ? null : logs.get(path[0] + "/" + path[1]);
            if (log == null || !Files.exists(log)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] text = Files.readAllBytes(log);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, text.length == 0 ? -1 : text.length);
            exchange.getResponseBody().write(text);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
