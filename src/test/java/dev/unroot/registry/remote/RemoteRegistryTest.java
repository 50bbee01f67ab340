package dev.unroot.registry.remote;

import static dev.unroot.registry.remote.TestRegistry.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Changed;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Answer;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RemoteRegistryTest extends RegistryTestBase {
    private static final Limits SMALL = Changed.of(
            Limits.DEFAULT,
            "manifestBytes",
            1_000,
            "configBytes",
            1_000,
            "layerBytes",
            100_000,
            "inflatedBytes",
            1_000_000,
            "layerEntries",
            100,
            "passwdBytes",
            1_000,
            "indexEntries",
            10,
            "indexDepth",
            2,
            "layers",
            10);

    @Test
    void readsAManifestByTagAndByDigest() {
        TestRegistry registry = http();
        Digest digest = registry.image("team/app", "1", "1000");
        RemoteRegistry client = clientOf(registry);

        Document byTag = get(client.manifest(pull(registry.host() + "/team/app:1"), "1"));
        Document byDigest = get(client.manifest(pull(registry.host() + "/team/app:1"), digest.toString()));

        assertThat(byTag.digest()).isEqualTo(digest.toString());
        assertThat(byTag.mediaType()).isEqualTo(TestRegistry.OCI_MANIFEST);
        assertThat(byDigest.bytes()).isEqualTo(byTag.bytes());
        assertThat(registry.requests())
                .containsExactly("GET /v2/team/app/manifests/1", "GET /v2/team/app/manifests/" + digest);
        assertThat(registry.seen().get(0).host()).isEqualTo(registry.host());
    }

    /** Each holds its thread and its connection until all have come. */
    @Test
    void asManyLookupsAtOnceAsTheLimitSays() {
        int lookups = 40;
        TestRegistry registry = http();
        List<HttpServerRequest> held = Collections.synchronizedList(new ArrayList<>());
        List<CompletionStage<Answer<Digest>>> asked = new ArrayList<>();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .withLookups(lookups)
                .build());
        for (int i = 0; i < lookups; i++) {
            Digest digest = registry.image("app", "t" + i, "1000");
            registry.script("HEAD /v2/app/manifests/t" + i, request -> {
                request.response().putHeader("Docker-Content-Digest", digest.toString());
                held.add(request);
                if (held.size() == lookups) {
                    held.forEach(all -> all.response().end());
                }
            });
            asked.add(client.digest(pull(registry.host() + "/app:t" + i)));
        }
        asked.forEach(RegistryTestBase::get);
        assertThat(held).hasSize(lookups);
    }

    @Test
    void asksForATagsDigestWithOneHead() {
        TestRegistry registry = http();
        Digest digest = registry.image("app", "1", "1000");

        assertThat(get(clientOf(registry).digest(pull(registry.host() + "/app:1")))
                        .value())
                .isEqualTo(digest);
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1");
    }

    @Test
    void getsAndHashesWhereHeadTellsNoDigest() {
        TestRegistry registry = http();
        Digest digest = registry.image("app", "1", "1000");
        registry.script(
                "HEAD /v2/app/manifests/1", request -> request.response().end());

        assertThat(get(clientOf(registry).digest(pull(registry.host() + "/app:1")))
                        .value())
                .isEqualTo(digest);
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1", "GET /v2/app/manifests/1");
    }

    @Test
    void getsAndHashesWhereHeadIsNotAllowed() {
        TestRegistry registry = http();
        Digest digest = registry.image("app", "1", "1000");
        registry.script(
                "HEAD /v2/app/manifests/1",
                request -> request.response().setStatusCode(405).end());

        assertThat(get(clientOf(registry).digest(pull(registry.host() + "/app:1")))
                        .value())
                .isEqualTo(digest);
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1", "GET /v2/app/manifests/1");
    }

    @Test
    void aDigestThatHeadMadeUpHasNoManifest() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        Digest claimed = Digest.of(bytes("something else"));
        registry.script(
                "HEAD /v2/app/manifests/1",
                request -> request.response()
                        .putHeader("Docker-Content-Digest", claimed.toString())
                        .end());
        registry.manifest("app", "other", TestRegistry.OCI_MANIFEST, bytes("{}"));
        registry.script(
                "GET /v2/app/manifests/" + claimed,
                request -> request.response().end("{}"));
        RemoteRegistry client = clientOf(registry);

        assertThat(get(client.digest(pull(registry.host() + "/app:1"))).value()).isEqualTo(claimed);
        assertFailure(
                client.manifest(pull(registry.host() + "/app:1"), claimed.toString()),
                UnknownCause.MALFORMED,
                "registry %1$s sent a manifest that does not have its digest for %1$s/app:1"
                        .formatted(registry.host()));
    }

    @Test
    void refusesAManifestByTagThatIsNotWhatItsHeaderSays() {
        TestRegistry registry = http();
        registry.script(
                "GET /v2/app/manifests/1",
                request -> request.response()
                        .putHeader(
                                "Docker-Content-Digest",
                                Digest.of(bytes("other")).toString())
                        .end("{}"));

        assertThat(failure(clientOf(registry).manifest(pull(registry.host() + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.MALFORMED);
    }

    @Test
    void readsABlobAndChecksDigestAndSize() {
        TestRegistry registry = http();
        byte[] config = bytes("{\"config\":{}}");
        Digest digest = registry.blob(config);
        Digest lying = Digest.of(bytes("what it should be"));
        registry.script(
                "GET /v2/app/blobs/" + lying, request -> request.response().end("something else"));
        RemoteRegistry client = clientOf(registry);

        assertThat(get(client.blob(pull(registry.host() + "/app:1"), descriptor(digest, config.length))))
                .isEqualTo(config);
        String reason = "registry %1$s sent a configuration that does not have its digest for %1$s/app:1"
                .formatted(registry.host());
        assertFailure(
                client.blob(pull(registry.host() + "/app:1"), descriptor(lying, 0)), UnknownCause.MALFORMED, reason);
        assertFailure(
                client.blob(pull(registry.host() + "/app:1"), descriptor(digest, config.length + 1)),
                UnknownCause.MALFORMED,
                reason);
    }

    @Test
    void readsByDigestsOtherThanSha256() {
        TestRegistry registry = http();
        byte[] config = bytes("{}");
        java.security.MessageDigest hash = new Digest("sha512", "").newHash();
        Digest digest = Digest.of("sha512", hash.digest(config));
        registry.script(
                "GET /v2/app/blobs/" + digest, request -> request.response().end(Buffer.buffer(config)));

        assertThat(get(clientOf(registry).blob(pull(registry.host() + "/app:1"), descriptor(digest, 0))))
                .isEqualTo(config);
    }

    @Test
    void saysWhatTheRegistryAnswered() {
        TestRegistry registry = http();
        int[] statuses = {401, 403, 404, 500, 504, 400};
        UnknownCause[] causes = {
            UnknownCause.UNAUTHORIZED,
            UnknownCause.UNAUTHORIZED,
            UnknownCause.NOT_FOUND,
            UnknownCause.UNREACHABLE,
            UnknownCause.TIMEOUT,
            UnknownCause.UNREACHABLE
        };
        RemoteRegistry client = clientOf(registry);
        for (int i = 0; i < statuses.length; i++) {
            int status = statuses[i];
            registry.script(
                    "GET /v2/app/manifests/1",
                    request -> request.response().setStatusCode(status).end("<b>\u001b[31mevil</b>"));
            assertFailure(
                    client.manifest(pull(registry.host() + "/app:1"), "1"),
                    causes[i],
                    "registry %1$s answered %2$d for %1$s/app:1".formatted(registry.host(), status));
        }
    }

    @Test
    void refusesABodyThatAnnouncesTooMuchWithoutReadingIt() {
        TestRegistry registry = http();
        registry.script(
                "GET /v2/app/manifests/1",
                request ->
                        request.response().putHeader("Content-Length", "1001").write("x"));

        assertFailure(
                client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                                .with(plain(registry))
                                .with(SMALL)
                                .build())
                        .manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.TOO_LARGE,
                "registry %1$s sent a manifest of more than 1000 bytes for %1$s/app:1".formatted(registry.host()));
    }

    @Test
    void refusesABodyThatNeverEnds() {
        TestRegistry registry = http();
        registry.script("GET /v2/app/manifests/1", request -> {
            request.response().setChunked(true);
            registry.sendZeros(request, Long.MAX_VALUE, new AtomicLong());
        });

        assertThat(failure(client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                                        .with(plain(registry))
                                        .with(SMALL)
                                        .build())
                                .manifest(pull(registry.host() + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.TOO_LARGE);
    }

    @Test
    void aBodyOfExactlyTheLimitIsFine() {
        TestRegistry registry = http();
        byte[] body = new byte[1_000];
        Digest digest = registry.blob(body);

        assertThat(get(client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                                .with(plain(registry))
                                .with(SMALL)
                                .build())
                        .blob(pull(registry.host() + "/app:1"), descriptor(digest, 1_000))))
                .hasSize(1_000);
    }

    @Test
    void aSlowDripEndsAtTheDeadline() {
        TestRegistry registry = http();
        registry.script("GET /v2/app/manifests/1", request -> {
            request.response().setChunked(true);
            long timer =
                    registry.vertx().setPeriodic(20, id -> request.response().write("x"));
            request.response().closeHandler(nothing -> registry.vertx().cancelTimer(timer));
        });

        assertFailure(
                clientOf(registry).manifest(pull(registry.host() + "/app:1", Duration.ofSeconds(1)), "1"),
                UnknownCause.TIMEOUT,
                "registry %1$s did not answer in time for %1$s/app:1".formatted(registry.host()));
    }

    @Test
    void aRegistryThatNeverAnswersEndsAtTheDeadlineAndIsHungUpOn() throws Exception {
        TestRegistry registry = http();
        CompletableFuture<Void> hungUp = new CompletableFuture<>();
        registry.script(
                "GET /v2/app/manifests/1",
                request -> request.connection().closeHandler(nothing -> hungUp.complete(null)));

        assertThat(failure(clientOf(registry).manifest(pull(registry.host() + "/app:1", Duration.ofSeconds(1)), "1"))
                        .why())
                .isEqualTo(UnknownCause.TIMEOUT);
        hungUp.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aDeadlineThatIsOverMakesNoRequest() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");

        assertThat(failure(clientOf(registry).manifest(pull(registry.host() + "/app:1", Duration.ZERO), "1"))
                        .why())
                .isEqualTo(UnknownCause.TIMEOUT);
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void aConnectionClosedInTheMiddleOfABodyIsNotAnAnswer() {
        TestRegistry registry = http();
        registry.script("GET /v2/app/manifests/1", request -> {
            request.response().putHeader("Content-Length", "500");
            request.response()
                    .write("{")
                    .onComplete(written -> request.connection().close());
        });

        assertFailure(
                clientOf(registry).manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.UNREACHABLE,
                "registry %1$s closed the connection in the middle of its answer for %1$s/app:1"
                        .formatted(registry.host()));
    }

    @Test
    void aConnectionClosedWithoutAnAnswerIsTriedOnceMore() {
        TestRegistry registry = http();
        registry.script(
                "GET /v2/app/manifests/1", request -> request.connection().close());

        assertFailure(
                clientOf(registry).manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.UNREACHABLE,
                "registry %1$s closed the connection for %1$s/app:1".formatted(registry.host()));
        assertThat(registry.requests()).containsExactly("GET /v2/app/manifests/1", "GET /v2/app/manifests/1");
    }

    @Test
    void aPortNobodyListensOnIsUnreachable() {
        TestRegistry registry = TestRegistry.http(vertx);
        RemoteRegistry client = clientOf(registry);
        registry.close();

        assertFailure(
                client.manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.UNREACHABLE,
                "registry %1$s could not be reached for %1$s/app:1".formatted(registry.host()));
    }

    @Test
    void whatIsNotHttpIsMalformed() throws Exception {
        io.vertx.core.net.NetServer server = TestRegistry.await(vertx.createNetServer()
                .connectHandler(socket -> socket.handler(data -> socket.write("220 smtp.example ESMTP\r\n\r\n")))
                .listen(0, "127.0.0.1"));
        closing(() -> TestRegistry.await(server.close()));
        String host = "127.0.0.1:" + server.actualPort();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(java.util.List.of(TestRegistryOptions.of(host)
                        .withPlainHttp()
                        .withAllowPrivate()
                        .build()))
                .build());

        assertFailure(
                client.manifest(pull(host + "/app:1"), "1"),
                UnknownCause.MALFORMED,
                "registry %1$s did not answer in HTTP for %1$s/app:1".formatted(host));
        assertAdvice(
                client.manifest(pull(host + "/app:1"), "1"),
                "Check that a registry listens at that host and port, and without TLS: else remove plainHttp of that"
                        + " host under imageLookup.registries");
    }

    @Test
    void headersWithoutEndAreTooLarge() {
        TestRegistry registry = http();
        registry.script(
                "GET /v2/app/manifests/1",
                request -> request.response()
                        .putHeader("X-Long", "x".repeat(100_000))
                        .end("{}"));

        assertThat(failure(clientOf(registry).manifest(pull(registry.host() + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.TOO_LARGE);
    }

    @Test
    void closingFailsWhatIsUnderWayAndWhatComesAfter() {
        TestRegistry registry = http();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        registry.script("GET /v2/app/manifests/1", request -> asked.complete(null));
        RemoteRegistry client = clientOf(registry);
        CompletionStage<Document> underWay = client.manifest(pull(registry.host() + "/app:1"), "1");
        asked.orTimeout(60, TimeUnit.SECONDS).join();

        client.close();

        assertThat(failure(underWay).why()).isIn(UnknownCause.TIMEOUT, UnknownCause.UNREACHABLE);
        failure(client.manifest(pull(registry.host() + "/app:1"), "1"));
    }
}
