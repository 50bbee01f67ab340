package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.unroot.Changed;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.TrustZone;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LayerStreamTest extends RegistryTestBase {
    private static final int CHUNK = 8192;
    private static final long LARGE = 64L << 20;

    @Test
    void streamsALayerOnAWorkerAndReusesItsConnection() {
        TestRegistry registry = http();
        byte[] layer = new byte[3_000_000];
        new Random(1).nextBytes(layer);
        Digest digest = registry.blob(layer);
        RemoteRegistry client = clientOf(registry);
        StringBuilder thread = new StringBuilder();

        byte[] read = get(client.layer(pull(registry.host() + "/app:1"), descriptor(digest, layer.length), stream -> {
            thread.append(Thread.currentThread().getName());
            return stream.readAllBytes();
        }));

        assertThat(read).isEqualTo(layer);
        assertThat(thread.toString()).startsWith("unroot-unpack-");
    }

    @Test
    void anyNumberOfChunksComesToItsEnd() {
        TestRegistry registry = http();
        RemoteRegistry client = clientOf(registry);
        for (int size : new int[] {0, 1, CHUNK, 8 * CHUNK, 8 * CHUNK + 1, 9 * CHUNK, 64 * CHUNK}) {
            Digest digest = registry.blob(new byte[size]);
            byte[] read = get(client.layer(
                    pull(registry.host() + "/app:1"), descriptor(digest, size), stream -> stream.readAllBytes()));
            assertThat(read).hasSize(size);
        }
    }

    @Test
    void holdsTheRegistryBackUntilTheReaderReads() throws Exception {
        TestRegistry registry = http();
        Digest digest = Digest.of(new byte[0]);
        AtomicLong sent = new AtomicLong();
        CompletableFuture<Void> hungUp = new CompletableFuture<>();
        registry.script("GET /v2/app/blobs/" + digest, request -> {
            request.connection().closeHandler(nothing -> hungUp.complete(null));
            request.response().putHeader("Content-Length", Long.toString(LARGE));
            registry.sendZeros(request, LARGE, sent);
        });

        long held =
                get(clientOf(registry).layer(pull(registry.host() + "/app:1"), descriptor(digest, LARGE), stream -> {
                    assertThat(stream.read()).isZero();
                    return settled(sent);
                }));

        assertThat(held).isLessThan(LARGE / 2);
        // Closed by a reader that had enough: the rest is not received.
        hungUp.get(60, TimeUnit.SECONDS);
        assertThat(sent.get()).isLessThan(LARGE);
    }

    private static long settled(AtomicLong counter) {
        long before = -1;
        while (before != counter.get()) {
            before = counter.get();
            try {
                Thread.sleep(300);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return before;
    }

    @Test
    void aReaderThatIsStillReadingAtTheDeadlineIsStopped() {
        TestRegistry registry = http();
        Digest digest = Digest.of(new byte[0]);
        registry.script("GET /v2/app/blobs/" + digest, request -> {
            request.response().setChunked(true);
            request.response().write("some of it");
        });

        assertFailure(
                clientOf(registry)
                        .layer(
                                pull(registry.host() + "/app:1", Duration.ofSeconds(1)),
                                descriptor(digest, 0),
                                stream -> stream.readAllBytes()),
                UnknownCause.TIMEOUT,
                "registry %1$s did not answer in time for %1$s/app:1".formatted(registry.host()));
    }

    @Test
    void aStreamThatFailedStaysFailed() {
        TestRegistry registry = http();
        Digest digest = Digest.of(new byte[0]);
        registry.script("GET /v2/app/blobs/" + digest, request -> {
            request.response().putHeader("Content-Length", "500");
            request.response()
                    .write("{")
                    .onComplete(written -> request.connection().close());
        });

        Object[] thrown =
                get(clientOf(registry)
                        .layer(pull(registry.host() + "/app:1"), descriptor(digest, 0), stream -> new Object[] {
                            catchThrowable(() -> stream.readAllBytes()), catchThrowable(() -> stream.read())
                        }));

        assertThat(thrown[0]).isInstanceOf(LookupException.class).isSameAs(thrown[1]);
        assertThat(((LookupException) thrown[0]).why()).isEqualTo(UnknownCause.UNREACHABLE);
    }

    @Test
    void contentThatTheReaderCannotReadIsMalformed() {
        TestRegistry registry = http();
        Digest digest = registry.blob(new byte[10]);

        assertThat(failure(clientOf(registry)
                                .layer(pull(registry.host() + "/app:1"), descriptor(digest, 10), stream -> {
                                    throw new IOException("not a tar");
                                }))
                        .why())
                .isEqualTo(UnknownCause.MALFORMED);
    }

    @Test
    void aLayerThatIsTooLargeIsNotRead() {
        TestRegistry registry = http();
        Digest digest = Digest.of(new byte[0]);
        registry.script("GET /v2/app/blobs/" + digest, request -> {
            request.response().putHeader("Content-Length", Long.toString(LARGE));
            registry.sendZeros(request, LARGE, new AtomicLong());
        });
        Limits limits = Changed.of(
                Limits.DEFAULT,
                "manifestBytes",
                1_000,
                "configBytes",
                1_000,
                "layerBytes",
                1_000,
                "inflatedBytes",
                1_000,
                "layerEntries",
                10,
                "passwdBytes",
                1_000,
                "indexEntries",
                10,
                "indexDepth",
                2,
                "layers",
                10);
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(limits)
                .build());

        String reason = "image %1$s/app:1 has a layer of more than 1000 bytes".formatted(registry.host());
        assertFailure(
                client.layer(pull(registry.host() + "/app:1"), descriptor(digest, 1_001), stream -> 0),
                UnknownCause.TOO_LARGE,
                reason);
        assertThat(registry.requests()).isEmpty();
        assertFailure(
                client.layer(pull(registry.host() + "/app:1"), descriptor(digest, 0), stream -> 0),
                UnknownCause.TOO_LARGE,
                reason);
    }
}
