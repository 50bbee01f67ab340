package dev.unroot.registry.remote;

import static dev.unroot.registry.remote.TestRegistry.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.GrantedCredentials;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.credentials.AuthConfig;
import dev.unroot.registry.credentials.Credential;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.credentials.NoCredentials;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.RegistryHosts;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A registry with mirrors, as containerd's {@code hosts.toml} has them. */
class MirrorTest extends RegistryTestBase {
    private static final byte[] BLOB = bytes("{\"config\":{}}");
    private static final Digest DIGEST = Digest.of(BLOB);

    private RemoteRegistry client(TestRegistry registry, TestRegistry... mirrors) {
        return client(options(registry, mirrors));
    }

    private static RemoteOptions options(TestRegistry registry, TestRegistry... mirrors) {
        List<RegistryOptions> configured = new ArrayList<>(plain(mirrors));
        String[] names = List.of(mirrors).stream().map(TestRegistry::host).toArray(String[]::new);
        configured.add(TestRegistryOptions.from(plain(registry).get(0))
                .withMirrors(names)
                .build());
        return TestRemoteOptions.of(TrustZone.UNTRUSTED).with(configured).build();
    }

    private static void answer(TestRegistry registry, int status) {
        Handler<HttpServerRequest> handler =
                request -> request.response().setStatusCode(status).end();
        registry.script("GET /v2/app/manifests/1", handler);
        registry.script("HEAD /v2/app/manifests/1", handler);
    }

    @Test
    void theFirstMirrorAnswersAndTheRegistryIsNotAsked() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        TestRegistry second = http();
        Digest digest = mirror.image("app", "1", "1000");
        RemoteRegistry client = client(registry, mirror, second);

        assertThat(get(client.digest(pull(registry.host() + "/app:1"))).value()).isEqualTo(digest);
        assertThat(get(client.manifest(pull(registry.host() + "/app:1"), "1")).digest())
                .isEqualTo(digest.toString());
        assertThat(mirror.requests()).containsExactly("HEAD /v2/app/manifests/1", "GET /v2/app/manifests/1");
        assertThat(second.requests()).isEmpty();
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void aMirrorIsToldWhoseImageItIsAndTheRegistryIsNot() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        List<String> queries = new CopyOnWriteArrayList<>();
        Handler<HttpServerRequest> handler = request -> {
            queries.add(String.valueOf(request.query()));
            request.response().setStatusCode(404).end();
        };
        mirror.script("GET /v2/app/manifests/1", handler);
        registry.script("GET /v2/app/manifests/1", handler);

        failure(client(registry, mirror).manifest(pull(registry.host() + "/app:1"), "1"));
        assertThat(queries).containsExactly("ns=127.0.0.1%3A" + registry.port(), "null");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 429, 500, 503})
    void whateverAMirrorFailsByTheNextIsAsked(int status) {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        TestRegistry second = http();
        answer(mirror, status);
        answer(second, status);
        Digest digest = registry.image("app", "1", "1000");
        RemoteRegistry client = client(registry, mirror, second);

        assertThat(get(client.digest(pull(registry.host() + "/app:1"))).value()).isEqualTo(digest);
        assertThat(mirror.requests()).containsExactly("HEAD /v2/app/manifests/1", "GET /v2/app/manifests/1");
        assertThat(second.requests()).hasSize(2);
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void theRegistrysFailureCountsAndTellsOfItsMirrors() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        TestRegistry second = http();
        answer(registry, 401);
        answer(second, 503);

        assertFailure(
                client(registry, mirror, second).manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.UNAUTHORIZED,
                "registry %1$s answered 401 for %1$s/app:1 (mirrors: %2$s notFound, %3$s unreachable)"
                        .formatted(registry.host(), mirror.host(), second.host()));
    }

    @Test
    void otherBytesThanTheDigestsAreNeverTakenFromAMirror() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        Digest manifest = registry.image("app", "1", "1000");
        registry.blob(BLOB);
        Handler<HttpServerRequest> lie = request -> request.response().end("{}");
        mirror.script("GET /v2/app/blobs/" + DIGEST, lie);
        mirror.script("GET /v2/app/manifests/" + manifest, lie);
        RemoteRegistry client = client(registry, mirror);

        assertThat(get(client.blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0))))
                .isEqualTo(BLOB);
        assertThat(get(client.manifest(pull(registry.host() + "/app:1"), manifest.toString()))
                        .bytes())
                .isNotEqualTo(bytes("{}"));
        assertThat(mirror.requests()).hasSize(2);
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void aLayerThatAMirrorBreaksOffIsReadAnewFromTheRegistry() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        registry.blob(BLOB);
        mirror.script("GET /v2/app/blobs/" + DIGEST, request -> {
            request.response().putHeader("Content-Length", "100").write("abc");
            vertx.setTimer(20, late -> request.connection().close());
        });

        byte[] read = get(client(registry, mirror)
                .layer(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0), InputStream::readAllBytes));
        assertThat(read).isEqualTo(BLOB);
    }

    @Test
    void aReaderThatDoesNotBelieveAMirrorsLayerIsGivenTheRegistrys() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        registry.blob(BLOB);
        mirror.script(
                "GET /v2/app/blobs/" + DIGEST, request -> request.response().end("other bytes"));

        byte[] read =
                get(client(registry, mirror).layer(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0), stream -> {
                    byte[] bytes = stream.readAllBytes();
                    if (!DIGEST.matches(bytes)) {
                        throw new LookupException(UnknownCause.MALFORMED, "it is another");
                    }
                    return bytes;
                }));
        assertThat(read).isEqualTo(BLOB);
    }

    @Test
    void aSilentMirrorLeavesTimeForTheRegistryAndIsThenAskedLast() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        Digest digest = registry.image("app", "1", "1000");
        AtomicLong now = new AtomicLong();
        RemoteRegistry client = client(
                TestRemoteOptions.from(options(registry, mirror)).with(now::get).build());

        // Both are connected to beforehand, so that the registry's share of the time is for an answer alone.
        registry.image("warm", "1", "1000");
        get(client.digest(pull(registry.host() + "/warm:1")));
        mirror.script("HEAD /v2/app/manifests/1", request -> {});
        mirror.script("GET /v2/app/manifests/1", request -> {});
        mirror.forgetRequests();

        assertThat(get(client.digest(pull(registry.host() + "/app:1", Duration.ofSeconds(6))))
                        .value())
                .isEqualTo(digest);
        assertThat(get(client.digest(pull(registry.host() + "/app:1"))).value()).isEqualTo(digest);
        assertThat(mirror.requests()).hasSize(2);

        answer(registry, 503);
        answer(mirror, 404);
        assertThat(failure(client.digest(pull(registry.host() + "/app:1"))).reason())
                .endsWith("(mirrors: " + mirror.host() + " notFound)");
        assertThat(mirror.requests()).hasSize(4);

        now.addAndGet(Duration.ofSeconds(11).toNanos());
        mirror.image("app", "1", "2000");
        mirror.script(
                "HEAD /v2/app/manifests/1",
                request -> request.response()
                        .putHeader("Docker-Content-Digest", digest.toString())
                        .end());
        registry.forgetRequests();
        assertThat(get(client.digest(pull(registry.host() + "/app:1"))).value()).isEqualTo(digest);
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void dockerHubHasMirrorsToo() {
        TestRegistry mirror = http();
        Digest digest = mirror.image("hub/library/nginx", "1", "101");
        List<RegistryOptions> configured = new ArrayList<>(plain(mirror));
        configured.add(TestRegistryOptions.of("docker.io")
                .withMirrors(mirror.host() + "/hub")
                .build());
        RemoteRegistry client = client(
                TestRemoteOptions.of(TrustZone.UNTRUSTED).with(configured).build());

        assertThat(get(client.digest(pull("nginx:1"))).value()).isEqualTo(digest);
        assertThat(mirror.requests()).containsExactly("HEAD /v2/hub/library/nginx/manifests/1");
    }

    @Test
    void aMirrorPassesTheAddressGuardLikeAnyHost() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        mirror.image("app", "1", "0");
        Digest digest = registry.image("app", "1", "1000");
        List<RegistryOptions> configured =
                List.of(TestRegistryOptions.from(plain(registry).get(0))
                        .withMirrors(mirror.host(), "169.254.169.254", "nowhere.test")
                        .build());
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(configured)
                .with((HostResolver) host -> {
                    if (host.equals("nowhere.test")) {
                        throw new UnknownHostException(host);
                    }
                    return HostResolver.SYSTEM.resolve(host);
                })
                .build());

        assertThat(get(client.digest(pull(registry.host() + "/app:1"))).value()).isEqualTo(digest);
        answer(registry, 404);
        assertThat(failure(client.digest(pull(registry.host() + "/app:1"))).reason())
                .endsWith("(mirrors: %s refusedAddress, 169.254.169.254 refusedAddress, nowhere.test unreachable)"
                        .formatted(mirror.host()));
        assertThat(mirror.requests()).isEmpty();
    }

    @Test
    void credentialsAreFoundForTheMirrorsNameAndForNoPod() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        registry.image("app", "1", "1000");
        List<String> asked = new CopyOnWriteArrayList<>();
        Credentials credentials = new Credentials() {
            @Override
            public Candidates find(ImageReference reference, PullIdentity identity, Deadline deadline) {
                asked.add(reference + " for " + identity.imagePullSecrets());
                return NoCredentials.ANONYMOUS;
            }

            @Override
            public CompletionStage<Entitlement> entitlement(
                    ImageReference reference, PullIdentity identity, Deadline deadline) {
                CredentialKey key = new CredentialKey(reference + " for " + identity.imagePullSecrets());
                return CompletableFuture.completedFuture(new Entitlement(List.of(key), () -> "", null));
            }
        };
        PullIdentity identity = new PullIdentity("shop", List.of("pull"), null);
        RemoteRegistry client = client(TestRemoteOptions.from(options(registry, mirror))
                .with(credentials)
                .build());

        ImageReference image = ImageReference.parse(registry.host() + "/app:1");
        Deadline deadline = Deadline.in(GENEROUS);
        String atMirror = mirror.host() + "/app:1 for []";
        String atRegistry = registry.host() + "/app:1 for [pull]";

        get(client.digest(new Pull(image, identity, deadline)));
        assertThat(asked).containsExactly(atMirror, atRegistry);
        assertThat(get(client.entitlement(image, identity, deadline)).credentials())
                .containsExactly(new CredentialKey(atRegistry), new CredentialKey(atMirror));
    }

    /** A mirror that anyone may ask has the manifest, the registry the rest: all of it is for whom the registry lets in. */
    @Test
    void whatTookACredentialInPartIsNotAnyones() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        Digest manifest = registry.image("app", "1", "1000");
        mirror.manifest("app", "1", TestRegistry.OCI_MANIFEST, registry.imageManifest("1000"));
        registry.blob(BLOB);
        registry.require("Basic realm=\"x\"", "Basic cm9ib3Q6cGFzcw==");
        Credential robot =
                new Credential("robot", new CredentialKey("robots"), new AuthConfig.Password("robot", "pass"));
        Credentials credentials = new Credentials() {
            @Override
            public Candidates find(ImageReference reference, PullIdentity identity, Deadline deadline) {
                return reference.registry().equals(mirror.host())
                        ? NoCredentials.ANONYMOUS
                        : new Candidates(List.of(robot), List.of());
            }

            @Override
            public CompletionStage<Entitlement> entitlement(
                    ImageReference reference, PullIdentity identity, Deadline deadline) {
                return CompletableFuture.completedFuture(NoCredentials.ENTITLEMENT);
            }
        };
        RemoteRegistry client = client(TestRemoteOptions.from(options(registry, mirror))
                .with(credentials)
                .build());

        Pull first = pull(registry.host() + "/app:1");
        assertThat(first.granted().credential()).isNull();
        get(client.manifest(first, manifest.toString()));
        assertThat(first.granted().credential()).isEqualTo(CredentialKey.ANYONE);
        get(client.blob(first, descriptor(DIGEST, 0)));
        assertThat(first.granted().credential()).isEqualTo(robot.key());

        Pull blobFirst = pull(registry.host() + "/app:1");
        get(client.blob(blobFirst, descriptor(DIGEST, 0)));
        get(client.manifest(blobFirst, manifest.toString()));
        assertThat(blobFirst.granted().credential()).isEqualTo(robot.key());
    }

    @Test
    void whatTookTheCredentialsOfTwoIsNobodys() {
        GrantedCredentials granted = new GrantedCredentials();
        granted.givenTo(CredentialKey.ANYONE);
        granted.givenTo(CredentialKey.OPERATOR);
        assertThat(granted.credential()).isEqualTo(CredentialKey.OPERATOR);
        granted.givenTo(new CredentialKey("one"));
        assertThat(granted.credential()).isEqualTo(new CredentialKey("one"));
        granted.givenTo(new CredentialKey("two"));
        assertThat(granted.credential()).isNull();
    }

    @Test
    void aTokenIsAskedForTheRepositoryAtTheMirror() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        mirror.image("hub/app", "1", "1000");
        mirror.requireToken("Bearer realm=\"http://" + mirror.host() + "/token\"", "mirrors");
        List<String> scopes = new CopyOnWriteArrayList<>();
        mirror.script("GET /token", request -> {
            scopes.add(request.getParam("scope"));
            request.response().end("{\"token\":\"mirrors\"}");
        });
        List<RegistryOptions> configured = new ArrayList<>(plain(mirror));
        configured.add(TestRegistryOptions.from(plain(registry).get(0))
                .withMirrors(mirror.host() + "/hub")
                .build());

        get(client(TestRemoteOptions.of(TrustZone.UNTRUSTED).with(configured).build())
                .digest(pull(registry.host() + "/app:1")));
        assertThat(scopes).containsExactly("repository:hub/app:pull");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https://m.example", "m.example/", "m.example/A", "user@m.example", "m.example/a?b"})
    void aMirrorThatIsNoneIsAMistakeInTheConfiguration(String mirror) {
        assertThatThrownBy(() -> new RegistryHosts(List.of(
                        TestRegistryOptions.of("ghcr.io").withMirrors(mirror).build())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(" is not a mirror: ", "Write host, host:port or host/path");
    }
}
