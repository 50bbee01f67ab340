package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.unroot.Ports;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** An API server over TLS that keeps what is written to it, can be stopped and started, and can be made to misbehave. */
public final class ApiServer extends Dispatcher implements AutoCloseable {
    /** Held, because java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger MOCK_LOG = Logger.getLogger("io.fabric8.mockwebserver");

    /** A request, and what is answered to it instead; null leaves it to the server. */
    public interface Instead extends Function<RecordedRequest, MockResponse> {}

    static {
        // It logs every request through java.util.logging.
        MOCK_LOG.setLevel(Level.WARNING);
    }

    private final KubernetesCrudDispatcher objects = new KubernetesCrudDispatcher();
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
    private final ClusterConnection administrator;
    private volatile Instead instead = request -> null;
    /** What its answers say the time is; null for answers that do not say it. */
    volatile @Nullable Supplier<Instant> date;

    private MockWebServer server;
    private final int port = freePort();

    public ApiServer() {
        start();
        administrator = connect();
        // On a busy machine the very first request can outlast the time limits that tests are about.
        administrator.client().namespaces().list();
        requests.clear();
    }

    /** Nobody else's while it is stopped. */
    private static int freePort() {
        try {
            return Ports.free();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        server = new MockWebServer();
        server.useHttps();
        server.setDispatcher(this);
        server.start(InetAddress.getLoopbackAddress(), port);
    }

    void stop() {
        server.shutdown();
    }

    public ClusterConnection connect() {
        Config config = Config.empty();
        config.setMasterUrl(address());
        // Each start makes a certificate of its own.
        config.setTrustCerts(true);
        return ClusterConnection.open("1.2.3", new ClusterConfig.Found(config, "test"));
    }

    String address() {
        return "https://localhost:" + port + "/";
    }

    String certificateFile() {
        return server.getSelfSignedCertificate().certificatePath();
    }

    void write(String namespace, Map<String, String> labels) {
        administrator
                .client()
                .namespaces()
                .resource(namespace(namespace, labels))
                .createOr(existing -> existing.update());
    }

    /** Of any other kind. */
    public void write(HasMetadata object) {
        administrator.client().resource(object).createOr(existing -> existing.update());
    }

    void delete(HasMetadata object) {
        administrator.client().resource(object).delete();
    }

    /** As {@link #write}, for a new namespace, from inside an {@link Instead}. */
    void writeAtOnce(String namespace, Map<String, String> labels) {
        objects.handleCreate(new RecordedRequest(
                "HTTP_1_1",
                HttpMethod.POST,
                "/api/v1/namespaces",
                Headers.builder().build(),
                new Buffer(Serialization.asJson(namespace(namespace, labels)).getBytes(UTF_8))));
    }

    void delete(String namespace) {
        administrator.client().namespaces().withName(namespace).delete();
    }

    public void answer(Instead answer) {
        this.instead = answer;
    }

    List<RecordedRequest> requests() {
        return requests;
    }

    /** GETs of this one namespace. */
    long reads(String namespace) {
        return requests.stream().filter(request -> isRead(request, namespace)).count();
    }

    /** GETs of exactly this path. */
    long gets(String path) {
        return requests.stream()
                .filter(request -> isGet(request) && request.getPath().equals(path))
                .count();
    }

    static boolean isRead(RecordedRequest request, String namespace) {
        return isGet(request) && request.getPath().equals("/api/v1/namespaces/" + namespace);
    }

    static boolean isList(RecordedRequest request) {
        return isGet(request) && request.getPath().startsWith("/api/v1/namespaces?") && !isWatch(request);
    }

    static boolean isWatch(RecordedRequest request) {
        return isGet(request) && request.getPath().contains("watch=true");
    }

    private static boolean isGet(RecordedRequest request) {
        return request.getMethod().equals("GET");
    }

    static MockResponse status(int code, String message) {
        return new MockResponse()
                .setResponseCode(code)
                .setBody(Serialization.asJson(
                        new StatusBuilder().withCode(code).withMessage(message).build()));
    }

    static MockResponse found(HasMetadata object) {
        return new MockResponse().setResponseCode(200).setBody(Serialization.asJson(object));
    }

    static Namespace namespace(String name, Map<String, String> labels) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build();
    }

    /** A watch that is opened and then says only what the test makes it say. */
    static MockResponse quietWatch(CompletableFuture<WebSocket> opened) {
        return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                opened.complete(socket);
            }

            @Override
            public void onClosing(WebSocket socket, int code, String reason) {
                socket.close(code, reason);
            }
        });
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        requests.add(request);
        MockResponse other = instead.apply(request);
        MockResponse response = other == null ? objects.dispatch(request) : other;
        Supplier<Instant> clock = date;
        return clock == null
                ? response
                : response.setHeader(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(clock.get().atOffset(ZoneOffset.UTC)));
    }

    @Override
    public void close() {
        administrator.close();
        stop();
    }
}
