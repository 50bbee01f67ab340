package dev.unroot.registry.remote;

import dev.unroot.TestAuthority;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.documents.Digest;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemTrustOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A registry in this process, on a free port of 127.0.0.1, that records every request and misbehaves as told.
 *
 * <p>A test puts content with {@link #manifest}, {@link #blob} or {@link #image}, and replaces the answer to one path with
 * {@link #script}.
 */
public final class TestRegistry implements AutoCloseable {
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    private static final int CHUNK = 8192;
    private static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";

    private final Vertx vertx;
    private final HttpServer server;
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, Content> manifests = new ConcurrentHashMap<>();
    private final Map<String, Handler<HttpServerRequest>> scripts = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private volatile Predicate<HttpServerRequest> interference = request -> false;
    private volatile @Nullable String challenge;
    private volatile @Nullable String admitted;

    private record Content(String mediaType, byte[] bytes, String digest) {}

    /** A request that came, without its headers save two. */
    public record Seen(
            String method,
            String path,
            @Nullable String authorization,
            @Nullable String host) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private TestRegistry(Vertx vertx, HttpServerOptions options, String address) {
        this.vertx = vertx;
        this.server = await(
                vertx.createHttpServer(options).requestHandler(this::handle).listen(0, address));
    }

    public static TestRegistry http(Vertx vertx) {
        return new TestRegistry(vertx, new HttpServerOptions(), "127.0.0.1");
    }

    /** On the loopback address of IPv6, for a machine that has it. */
    public static TestRegistry httpOnIpv6(Vertx vertx) {
        return new TestRegistry(vertx, new HttpServerOptions(), "::1");
    }

    public static TestRegistry https(Vertx vertx, TestCertificate certificate) {
        return new TestRegistry(
                vertx,
                new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(certificate.serverOptions()),
                "127.0.0.1");
    }

    /** One with TLS of a kind. */
    static TestRegistry https(Vertx vertx, HttpServerOptions options) {
        return new TestRegistry(vertx, options, "127.0.0.1");
    }

    /** One that only talks to whoever shows a certificate by that authority. */
    static TestRegistry https(Vertx vertx, TestCertificate certificate, TestAuthority clients) {
        return new TestRegistry(
                vertx,
                new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(certificate.serverOptions())
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(clients.certificate()))),
                "127.0.0.1");
    }

    public int port() {
        return server.actualPort();
    }

    /** What a reference calls it. */
    public String host() {
        return host("127.0.0.1");
    }

    public String host(String name) {
        return name + ":" + port();
    }

    /** Puts a blob, in every repository. */
    public Digest blob(byte[] bytes) {
        Digest digest = Digest.of(bytes);
        blobs.put(digest.toString(), bytes);
        return digest;
    }

    /** Puts a manifest or index under its digest and under a tag. */
    public Digest manifest(String repository, String tag, String mediaType, byte[] bytes) {
        Digest digest = Digest.of(bytes);
        Content content = new Content(mediaType, bytes, digest.toString());
        manifests.put("/v2/" + repository + "/manifests/" + tag, content);
        manifests.put("/v2/" + repository + "/manifests/" + digest, content);
        return digest;
    }

    /** Puts an image of one platform, linux/amd64, with no layers and this USER. */
    public Digest image(String repository, String tag, String user) {
        return manifest(repository, tag, OCI_MANIFEST, imageManifest(user));
    }

    /** The manifest of such an image, whose configuration is put. */
    public byte[] imageManifest(String user) {
        byte[] config = bytes("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"" + user + "\"},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
        Digest digest = blob(config);
        return bytes("{\"schemaVersion\":2,\"mediaType\":\"" + OCI_MANIFEST + "\",\"config\":{\"mediaType\":\""
                + OCI_CONFIG + "\",\"digest\":\"" + digest + "\",\"size\":" + config.length + "},\"layers\":[]}");
    }

    /** Puts all images of a store, each under the reference that it has there. */
    public void images(TestImages images) {
        blobs.putAll(images.blobs());
        for (TestImages.Named named : images.names()) {
            ImageReference reference = ImageReference.parse(named.name());
            manifest(reference.repository(), reference.tagOrDigest(), named.mediaType(), images.blob(named.digest()));
        }
    }

    /** Replaces the answer to a method and path: {@code GET /v2/app/manifests/1}. */
    public void script(String methodAndPath, Handler<HttpServerRequest> handler) {
        scripts.put(methodAndPath, handler);
    }

    /** Asked of every request that has been recorded; where it says true, it has dealt with the request itself. */
    void interfere(Predicate<HttpServerRequest> first) {
        interference = first;
    }

    /** From now on a registry request needs this token; without it the answer is 401 with the challenge. */
    public void requireToken(String challengeHeader, String bearerToken) {
        require(challengeHeader, "Bearer " + bearerToken);
    }

    /** From now on a registry request needs this Authorization; without it the answer is 401 with the challenge. */
    public void require(String challengeHeader, String authorization) {
        challenge = challengeHeader;
        admitted = authorization;
    }

    /** All requests, in order. */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** As {@code GET /v2/app/manifests/1}, in order. */
    public List<String> requests() {
        List<String> lines = new ArrayList<>();
        seen.forEach(request -> lines.add(request.toString()));
        return lines;
    }

    public void forgetRequests() {
        seen.clear();
    }

    /** Answers with that many zero bytes, one chunk after the other as they are taken, until nobody takes them. */
    void sendZeros(HttpServerRequest request, long total, AtomicLong sent) {
        if (sent.get() >= total) {
            request.response().end();
            return;
        }
        sent.addAndGet(CHUNK);
        request.response()
                .write(Buffer.buffer(new byte[CHUNK]))
                .onSuccess(written -> vertx.runOnContext(nothing -> sendZeros(request, total, sent)));
    }

    Vertx vertx() {
        return vertx;
    }

    private void handle(HttpServerRequest request) {
        seen.add(new Seen(
                request.method().name(),
                request.path(),
                request.getHeader("Authorization"),
                request.getHeader("Host")));
        if (interference.test(request)) {
            return;
        }
        Handler<HttpServerRequest> script = scripts.get(request.method() + " " + request.path());
        if (script != null) {
            script.handle(request);
        } else if (challenge != null && !Objects.equals(admitted, request.getHeader("Authorization"))) {
            request.response()
                    .setStatusCode(401)
                    .putHeader("WWW-Authenticate", challenge)
                    .end("{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");
        } else {
            serve(request);
        }
    }

    private void serve(HttpServerRequest request) {
        Content content = manifests.get(request.path());
        if (content != null) {
            request.response()
                    .putHeader("Content-Type", content.mediaType())
                    .putHeader("Docker-Content-Digest", content.digest());
            send(request, content.bytes());
            return;
        }
        byte[] blob = blobs.get(request.path().substring(request.path().lastIndexOf('/') + 1));
        if (blob != null) {
            send(request, blob);
        } else {
            request.response().setStatusCode(404).end("{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}");
        }
    }

    private static void send(HttpServerRequest request, byte[] bytes) {
        request.response().putHeader("Content-Length", Integer.toString(bytes.length));
        if (request.method().name().equals("HEAD")) {
            request.response().end();
        } else {
            request.response().end(Buffer.buffer(bytes));
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        await(server.close());
    }
}
