package dev.unroot.registry.remote;

import static dev.unroot.registry.remote.TestRegistry.OCI_INDEX;
import static dev.unroot.registry.remote.TestRegistry.OCI_MANIFEST;
import static dev.unroot.registry.remote.TestRegistry.bytes;

import dev.unroot.registry.TestLayer;
import dev.unroot.registry.documents.Digest;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Puts hostile images into a {@link TestRegistry}, each as tag 1 of a repository. */
public final class Misbehaviour {
    /** Enough to be no accident; nobody is meant to receive it all. */
    private static final long ENDLESS = 1L << 40;

    private static final int MEBIBYTE = 1 << 20;

    private final TestRegistry registry;

    public Misbehaviour(TestRegistry registry) {
        this.registry = registry;
    }

    private void manifest(String repository, Handler<HttpServerRequest> answer) {
        registry.script("GET /v2/" + repository + "/manifests/1", answer);
    }

    /** Grants tokens and takes none of them. */
    void neverLetsIn(String repository) {
        realm(repository, "http://" + registry.host() + "/token");
        registry.script("GET /token", request -> request.response().end("{\"token\":\"worthless\"}"));
    }

    /** Sends for a token to a realm. */
    void realm(String repository, String realm) {
        manifest(
                repository,
                request -> request.response()
                        .setStatusCode(401)
                        .putHeader("WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"x\"")
                        .end());
    }

    void redirects(String repository, String location) {
        manifest(
                repository,
                request -> request.response()
                        .setStatusCode(307)
                        .putHeader("Location", location)
                        .end());
    }

    public void endlessManifest(String repository) {
        manifest(repository, this::endless);
    }

    /** The image's configuration has no end; its descriptor does not say how large it is. */
    public void endlessConfiguration(String repository) {
        Digest digest = Digest.of(bytes(repository));
        registry.manifest(repository, "1", OCI_MANIFEST, imageOf(digest, 0));
        registry.script("GET /v2/" + repository + "/blobs/" + digest, this::endless);
    }

    public void endlessLayer(String repository) {
        Digest layer = Digest.of(bytes(repository));
        named(repository, layer, 0);
        registry.script("GET /v2/" + repository + "/blobs/" + layer, this::endless);
    }

    private void endless(HttpServerRequest request) {
        request.response().setChunked(true);
        registry.sendZeros(request, ENDLESS, new AtomicLong());
    }

    /** A byte of its manifest now and then. */
    public void drippingManifest(String repository) {
        manifest(repository, this::drip);
    }

    public void drippingLayer(String repository) {
        Digest layer = Digest.of(bytes(repository));
        named(repository, layer, 0);
        registry.script("GET /v2/" + repository + "/blobs/" + layer, this::drip);
    }

    private void drip(HttpServerRequest request) {
        request.response().setChunked(true).write("{");
        long timer = registry.vertx().setPeriodic(100, id -> request.response().write(" "));
        request.connection().closeHandler(closed -> registry.vertx().cancelTimer(timer));
    }

    /** A gigabyte of zeros within a megabyte of gzip: sixteen members of 64 MiB each, in a file of the archive. */
    public void gzipBomb(String repository) {
        byte[] header = new byte[512];
        var file = TestLayer.entry("bomb", TarConstants.LF_NORMAL);
        file.setSize(1L << 30);
        file.writeEntryHeader(header);
        byte[] member = TestLayer.gzip(new byte[64 * MEBIBYTE]);
        layered(repository, join(TestLayer.gzip(header), member, 16));
    }

    /** A million directories in an archive, of many different names. */
    public void millionEntries(String repository) {
        TestLayer entries = new TestLayer();
        for (int i = 0; i < 10_000; i++) {
            entries.directory("srv-of-a-name-that-is-rather-long-" + i);
        }
        layered(repository, join(new byte[0], TestLayer.gzip(entries.unpackedSoFar()), 100));
    }

    /** A passwd of a mebibyte. */
    public void largePasswd(String repository) {
        String rows = "user:x:1000:1000::/:/bin/sh\n".repeat(MEBIBYTE / 28);
        byte[] tar = TestLayer.passwd(rows).unpacked();
        Digest layer = registry.blob(TestLayer.gzip(tar));
        named(repository, layer, 0, Digest.of(tar));
    }

    /** The same with root in its last row, and as large as a node reads it. */
    public void rootsLargePasswd(String repository) {
        byte[] tar = TestLayer.passwd("user:x:1000:1000::/:/bin/sh\n".repeat(9 * MEBIBYTE / 28) + "app:x:0:0::/:\n")
                .unpacked();
        named(repository, registry.blob(TestLayer.gzip(tar)), 0, Digest.of(tar));
    }

    /** Nothing but lists within a list. */
    public void hugeManifest(String repository) {
        byte[] huge = bytes("{\"schemaVersion\":2,\"x\":[" + "[],".repeat(MEBIBYTE) + "[]]}");
        registry.manifest(repository, "1", OCI_MANIFEST, huge);
    }

    /** Keys without end. */
    public void hugeConfiguration(String repository) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; json.length() < 7 * MEBIBYTE; i++) {
            json.append("\"k").append(i).append("\":0,");
        }
        byte[] config = bytes(json + "\"config\":{\"User\":\"" + "u".repeat(500_000) + "\"}}");
        registry.manifest(repository, "1", OCI_MANIFEST, imageOf(registry.blob(config), config.length));
    }

    /** Says that its manifest has a digest that it has not. */
    void wrongManifestDigest(String repository) {
        manifest(
                repository,
                request -> request.response()
                        .putHeader(
                                "Docker-Content-Digest",
                                Digest.of(bytes("other")).toString())
                        .end(Buffer.buffer(registry.imageManifest("1000"))));
    }

    void wrongConfiguration(String repository) {
        Digest digest = Digest.of(bytes("what it should be"));
        registry.manifest(repository, "1", OCI_MANIFEST, imageOf(digest, 100));
        registry.script(
                "GET /v2/" + repository + "/blobs/" + digest,
                request -> request.response().end("{\"config\":{\"User\":\"1000\"}}"));
    }

    void wrongLayer(String repository) {
        Digest digest = Digest.of(bytes("what it should be"));
        named(repository, digest, 0);
        byte[] layer = TestLayer.passwd("app:x:1000:1000::/:/bin/sh\n").packed();
        registry.script(
                "GET /v2/" + repository + "/blobs/" + digest,
                request -> request.response().end(Buffer.buffer(layer)));
    }

    /** HEAD tells one digest, and what GET gives for it is something else. */
    void headIsNotGet(String repository) {
        Digest told = Digest.of(bytes("something else"));
        registry.script(
                "HEAD /v2/" + repository + "/manifests/1",
                request -> request.response()
                        .putHeader("Docker-Content-Digest", told.toString())
                        .end());
        registry.script(
                "GET /v2/" + repository + "/manifests/" + told,
                request -> request.response().end(Buffer.buffer(registry.imageManifest("1000"))));
    }

    void tooManyRequests(String repository) {
        manifest(
                repository,
                request -> request.response()
                        .setStatusCode(429)
                        .putHeader("Retry-After", "60")
                        .end());
    }

    /** Ends before as much has come as was announced. */
    void truncated(String repository) {
        manifest(repository, request -> {
            request.response().putHeader("Content-Length", "500");
            request.response()
                    .write("{\"schemaVersion\":2,")
                    .onComplete(written -> request.connection().close());
        });
    }

    void hangsUp(String repository) {
        manifest(repository, request -> request.connection().close());
    }

    /** Whatever digest is asked for, the answer is an index that points on, to one that does not exist either. */
    void cyclicIndex(String repository) {
        Handler<HttpServerRequest> index = request -> {
            Digest next = Digest.of(bytes(request.path()));
            registry.script("GET /v2/" + repository + "/manifests/" + next, cycle(repository));
            request.response().putHeader("Content-Type", OCI_INDEX).end(Buffer.buffer(indexOf(next)));
        };
        manifest(repository, index);
    }

    private Handler<HttpServerRequest> cycle(String repository) {
        return request -> {
            String digest = request.path().substring(request.path().lastIndexOf('/') + 1);
            request.response().putHeader("Content-Type", OCI_INDEX).end(Buffer.buffer(indexOf(Digest.parse(digest))));
        };
    }

    /** Indexes within indexes, all of them genuine. */
    void deepIndex(String repository, int depth) {
        byte[] inner = registry.imageManifest("1000");
        String type = OCI_MANIFEST;
        for (int i = 0; i < depth; i++) {
            Digest digest = registry.manifest(repository, "inner-" + i, type, inner);
            inner = indexOf(digest, type);
            type = OCI_INDEX;
        }
        registry.manifest(repository, "1", type, inner);
    }

    private static byte[] indexOf(Digest digest) {
        return indexOf(digest, OCI_INDEX);
    }

    private static byte[] indexOf(Digest digest, String type) {
        return bytes("{\"schemaVersion\":2,\"mediaType\":\"" + OCI_INDEX + "\",\"manifests\":[{\"mediaType\":\"" + type
                + "\",\"digest\":\"" + digest
                + "\",\"size\":0,\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}}]}");
    }

    /** An image whose USER is a name and whose only layer is this one. */
    private void layered(String repository, byte[] layer) {
        named(repository, registry.blob(layer), layer.length);
    }

    private void named(String repository, Digest layer, long size) {
        named(repository, layer, size, Digest.of(bytes("whatever it unpacks to")));
    }

    private void named(String repository, Digest layer, long size, Digest diffId) {
        byte[] config = bytes("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"app\"},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + diffId + "\"]}}");
        Digest digest = registry.blob(config);
        registry.manifest(
                repository,
                "1",
                OCI_MANIFEST,
                bytes("{\"schemaVersion\":2,\"mediaType\":\"" + OCI_MANIFEST + "\",\"config\":{\"digest\":\"" + digest
                        + "\",\"size\":" + config.length
                        + "},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\""
                        + layer + "\",\"size\":" + size + "}]}"));
    }

    private static byte[] imageOf(Digest config, long size) {
        return bytes("{\"schemaVersion\":2,\"mediaType\":\"" + OCI_MANIFEST + "\",\"config\":{\"digest\":\"" + config
                + "\",\"size\":" + size + "},\"layers\":[]}");
    }

    private static byte[] join(byte[] first, byte[] then, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        for (int i = 0; i < times; i++) {
            all.writeBytes(then);
        }
        return all.toByteArray();
    }
}
