package dev.unroot.registry.remote;

import static dev.unroot.registry.remote.TestRegistry.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.credentials.AuthConfig;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TrustZone;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a request whose connection was kept from an earlier one. */
class KeptConnectionTest extends RegistryTestBase {
    private static final int REFERENCES = 70;

    private final Set<HttpConnection> used = ConcurrentHashMap.newKeySet();
    private final AtomicInteger repeated = new AtomicInteger();

    @BeforeEach
    void forget() {
        used.clear();
        repeated.set(0);
    }

    private RemoteRegistry counting(TestRegistry registry) {
        return client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(new RequestListener() {
                    @Override
                    public void requested(String outcome) {}

                    @Override
                    public void repeated() {
                        repeated.incrementAndGet();
                    }
                })
                .build());
    }

    /** As where a server closes an idle connection just as it is used again, which nobody can foresee. */
    private boolean closesAtTheSecondRequest(HttpServerRequest request) {
        if (used.add(request.connection())) {
            return false;
        }
        request.connection().close();
        return true;
    }

    @Test
    void whereEveryKeptConnectionIsClosedTheSecondTryTakesANewOne() {
        TestRegistry registry = http();
        Digest digest = registry.image("app", "1", "1000");
        RemoteRegistry client = counting(registry);
        List<HttpServerRequest> held = new ArrayList<>();
        registry.interfere(request -> {
            used.add(request.connection());
            held.add(request);
            if (held.size() == 2) {
                held.forEach(both -> both.response().setStatusCode(404).end());
            }
            return true;
        });
        CompletionStage<Document> one = client.manifest(pull(registry.host() + "/a:1"), "1");
        CompletionStage<Document> other = client.manifest(pull(registry.host() + "/b:1"), "1");
        failure(one);
        failure(other);
        assertThat(used).as("connections that are kept").hasSize(2);
        registry.interfere(this::closesAtTheSecondRequest);

        assertThat(get(client.manifest(pull(registry.host() + "/app:1"), "1")).digest())
                .isEqualTo(digest.toString());
        assertThat(repeated).hasValue(1);
    }

    @Test
    void noneOfSeventyReferencesIsLost() {
        TestRegistry registry = http();
        RemoteRegistry client = counting(registry);
        registry.interfere(this::closesAtTheSecondRequest);
        List<Digest> digests = new ArrayList<>();
        for (int i = 0; i < REFERENCES; i++) {
            digests.add(registry.image("app" + i, "1", Integer.toString(i)));
        }
        List<CompletionStage<Document>> asked = new ArrayList<>();
        for (int i = 0; i < REFERENCES; i++) {
            asked.add(client.manifest(pull(registry.host() + "/app" + i + ":1"), "1"));
        }

        for (int i = 0; i < REFERENCES; i++) {
            assertThat(get(asked.get(i)).digest()).isEqualTo(digests.get(i).toString());
        }
        assertThat(repeated.get()).isPositive();
    }

    @Test
    void aServerThatNeverAnswersIsAskedTwice() {
        TestRegistry registry = http();
        registry.interfere(request -> {
            request.connection().close();
            return true;
        });

        assertFailure(
                counting(registry).manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.UNREACHABLE,
                "registry %1$s closed the connection for %1$s/app:1".formatted(registry.host()));
        assertThat(registry.requests()).hasSize(2);
    }

    /** A form may have done its work before the connection went: a refresh token is good for once. */
    @Test
    void aFormIsNotSentTwice() {
        TestRegistry registry = http();
        registry.requireToken("Bearer realm=\"http://" + registry.host() + "/token\"", "x");
        registry.interfere(request -> {
            boolean form = request.method().name().equals("POST");
            if (form) {
                request.connection().close();
            }
            return form;
        });
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(GivenCredentials.of(new AuthConfig.IdentityToken("refresh")))
                .build());

        assertThat(failure(client.manifest(pull(registry.host() + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.UNREACHABLE);
        assertThat(registry.requests()).filteredOn("POST /token"::equals).hasSize(1);
    }

    /** A reader stops at the last byte that it needs; whether the end has come too it cannot know. */
    @Test
    void whoeverHasReadEnoughDoesNotEndTheNextRequestOfTheConnection() throws Exception {
        TestRegistry registry = http();
        byte[] layer = bytes("all of a layer");
        Digest digest = registry.blob(layer);
        registry.image("app", "1", "1000");
        RemoteRegistry client = counting(registry);
        CompletableFuture<HttpServerRequest> next = new CompletableFuture<>();
        registry.interfere(request -> {
            used.add(request.connection());
            if (request.path().endsWith("manifests/1")) {
                next.complete(request);
                return true;
            }
            return false;
        });
        List<CompletionStage<Document>> asked = new ArrayList<>();

        get(client.layer(pull(registry.host() + "/app:1"), descriptor(digest, layer.length), stream -> {
            byte[] read = stream.readNBytes(layer.length);
            asked.add(client.manifest(pull(registry.host() + "/app:1"), "1"));
            next.join();
            return read;
        }));
        assertThat(used).as("one connection for both").hasSize(1);
        // What would end the request has been told to its connection before this comes back by the same way.
        get(client.blob(pull(registry.host() + "/app:1"), descriptor(digest, layer.length)));
        HttpServerRequest waiting = next.get(60, TimeUnit.SECONDS);
        registry.vertx()
                .runOnContext(nothing -> waiting.response().setStatusCode(404).end());

        assertThat(failure(asked.get(0)).why()).isEqualTo(UnknownCause.NOT_FOUND);
        assertThat(registry.requests())
                .filteredOn("GET /v2/app/manifests/1"::equals)
                .hasSize(1);
        assertThat(repeated).hasValue(0);
    }
}
