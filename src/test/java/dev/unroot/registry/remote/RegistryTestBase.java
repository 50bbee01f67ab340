package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** One Vert.x per class; registries and clients of a test are closed after it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RegistryTestBase {
    /** Far more than anything here needs: only a hang reaches it. */
    static final Duration GENEROUS = Duration.ofSeconds(60);

    Vertx vertx;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @BeforeAll
    void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    void stopVertx() {
        TestRegistry.await(vertx.close());
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    TestRegistry http() {
        return closing(TestRegistry.http(vertx));
    }

    /** A client that anyone's references reach, and for which this registry is at a private address and plain http. */
    RemoteRegistry clientOf(TestRegistry... registries) {
        return client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registries))
                .build());
    }

    static List<RegistryOptions> plain(TestRegistry... registries) {
        return List.of(registries).stream()
                .map(registry -> TestRegistryOptions.of(registry.host())
                        .withPlainHttp()
                        .withAllowPrivate()
                        .build())
                .toList();
    }

    RemoteRegistry client(RemoteOptions options) {
        return closing(new RemoteRegistry(vertx, options));
    }

    static Pull pull(String reference) {
        return pull(reference, GENEROUS);
    }

    static Pull pull(String reference, Duration time) {
        return new Pull(ImageReference.parse(reference), PullIdentity.NONE, Deadline.in(time));
    }

    static Descriptor descriptor(Digest digest, long size) {
        return new Descriptor("", digest, size, null, List.of(), Map.of(), List.of());
    }

    static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(90, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    static LookupException failure(CompletionStage<?> stage) {
        Throwable thrown = catchThrowable(() -> get(stage));
        assertThat(thrown).isInstanceOf(CompletionException.class);
        assertThat(thrown.getCause()).isInstanceOf(LookupException.class);
        return (LookupException) thrown.getCause();
    }

    static void assertFailure(CompletionStage<?> stage, UnknownCause cause, String reason) {
        LookupException failure = failure(stage);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.why()).isEqualTo(cause);
    }

    static void assertAdvice(CompletionStage<?> stage, String fix) {
        assertThat(failure(stage).toFacts().fix()).isEqualTo(fix);
    }
}
