package dev.unroot.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A webhook that allows everything and notes how it is called, down to the TLS handshake. */
final class ObservingServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One call.
     *
     * @param serverNames of SNI
     * @param protocols offered by ALPN
     * @param requestLine of HTTP/1.1
     * @param headers by name in lower case
     */
    record Call(List<String> serverNames, List<String> protocols, String requestLine, Map<String, String> headers) {}

    private final SSLServerSocket listener;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    ObservingServer(TestAuthority.Issued certificate) throws Exception {
        listener = (SSLServerSocket) certificate
                .tls()
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::serve, "observing-server");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    BlockingQueue<Call> calls() {
        return calls;
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                answer(socket);
            } catch (IOException closedOrBroken) {
                // The next connection may do better; the test waits for a call.
            }
        }
    }

    private void answer(SSLSocket socket) throws IOException {
        List<String> protocols = new java.util.concurrent.CopyOnWriteArrayList<>();
        socket.setHandshakeApplicationProtocolSelector((connection, offered) -> {
            protocols.addAll(offered);
            return offered.get(0);
        });
        socket.startHandshake();
        List<String> names = ((ExtendedSSLSession) socket.getSession())
                .getRequestedServerNames().stream()
                        .map(name -> new String(name.getEncoded(), StandardCharsets.UTF_8))
                        .toList();
        InputStream in = socket.getInputStream();
        String requestLine = line(in);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        JsonNode review = JSON.readTree(in.readNBytes(Integer.parseInt(headers.get("content-length"))));
        byte[] body = """
                {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"%s","allowed":true}}
                """.formatted(review.at("/request/uid").asText()).getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        calls.add(new Call(names, protocols, requestLine, headers));
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
