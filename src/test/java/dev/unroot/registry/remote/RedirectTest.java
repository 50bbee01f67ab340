package dev.unroot.registry.remote;

import static dev.unroot.registry.remote.TestRegistry.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.credentials.AuthConfig;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.TrustZone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RedirectTest extends RegistryTestBase {
    private static final byte[] CONFIG = bytes("{\"config\":{}}");
    private static final Digest DIGEST = Digest.of(CONFIG);
    private static final String BLOB = "/v2/app/blobs/" + DIGEST;

    private static void redirect(TestRegistry registry, String path, String location) {
        registry.script(
                "GET " + path,
                request -> request.response()
                        .setStatusCode(307)
                        .putHeader("Location", location)
                        .end());
    }

    @Test
    void followsToObjectStorageWithoutTheToken() {
        TestRegistry registry = http();
        TestRegistry storage = http();
        registry.image("app", "1", "1000");
        storage.blob(CONFIG);
        registry.requireToken("Bearer realm=\"http://" + registry.host() + "/token\"", "secret");
        registry.script("GET /token", request -> request.response().end("{\"token\":\"secret\"}"));
        RemoteRegistry client = clientOf(registry, storage);
        get(client.manifest(pull(registry.host() + "/app:1"), "1"));
        redirect(registry, BLOB, "http://" + storage.host() + "/bucket/" + DIGEST + "?sig=a%2Fb");
        registry.forgetRequests();

        assertThat(get(client.blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0))))
                .isEqualTo(CONFIG);

        assertThat(registry.requests()).containsExactly("GET " + BLOB);
        assertThat(registry.seen().get(0).authorization()).isEqualTo("Bearer secret");
        assertThat(storage.requests()).containsExactly("GET /bucket/" + DIGEST);
        assertThat(storage.seen().get(0).authorization()).isNull();
    }

    @Test
    void aRelativeRedirectStaysWithTheSameParty() {
        TestRegistry registry = http();
        registry.blob(CONFIG);
        redirect(registry, BLOB, "/elsewhere/" + DIGEST);

        assertThat(get(clientOf(registry).blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0))))
                .isEqualTo(CONFIG);
        assertThat(registry.requests()).containsExactly("GET " + BLOB, "GET /elsewhere/" + DIGEST);
    }

    @Test
    void lettersBeyondAsciiArePercentEncoded() {
        TestRegistry registry = http();
        registry.blob(CONFIG);
        // A header carries bytes: these are é in UTF-8.
        redirect(registry, BLOB, "/\u00c3\u00a9/" + DIGEST);

        assertThat(get(clientOf(registry).blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0))))
                .isEqualTo(CONFIG);
        assertThat(registry.requests()).last().isEqualTo("GET /%C3%A9/" + DIGEST);
    }

    /** As container runtimes send it: encoded in a path, and in a query, where signatures are, as it was written. */
    @Test
    void whatMayNotStandInAnAddressIsSentAsNodesSendIt() {
        TestRegistry registry = http();
        registry.blob(CONFIG);
        List<String> targets = new ArrayList<>();
        registry.interfere(request -> {
            targets.add(request.uri());
            return false;
        });
        RemoteRegistry client = clientOf(registry);
        Map<String, String> sent = Map.of(
                "/a|b/" + DIGEST, "/a%7Cb/" + DIGEST,
                "/{a} \"b\"/" + DIGEST, "/%7Ba%7D%20%22b%22/" + DIGEST,
                "/a%2Fb/" + DIGEST, "/a%2Fb/" + DIGEST,
                "/" + DIGEST + "?sig=a|b\"{c}%&d=100%", "/" + DIGEST + "?sig=a|b\"{c}%&d=100%",
                "/" + DIGEST + "?a b", "/" + DIGEST + "?a%20b");
        sent.forEach((written, expected) -> {
            targets.clear();
            redirect(registry, BLOB, written);
            assertThat(get(client.blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0))))
                    .isEqualTo(CONFIG);
            assertThat(targets).as(written).containsExactly(BLOB, expected);
        });
    }

    @Test
    void followsFiveAndNoMore() {
        TestRegistry registry = http();
        registry.blob(CONFIG);
        redirect(registry, BLOB, "/1");
        redirect(registry, "/1", "/2");
        redirect(registry, "/2", "/3");
        redirect(registry, "/3", "/4");
        redirect(registry, "/4", "/" + DIGEST);
        RemoteRegistry client = clientOf(registry);

        assertThat(get(client.blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0))))
                .isEqualTo(CONFIG);
        registry.forgetRequests();
        redirect(registry, "/4", "/1");
        assertFailure(
                client.blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)),
                UnknownCause.MALFORMED,
                "registry %1$s redirected more than 5 times for %1$s/app:1".formatted(registry.host()));
        assertThat(registry.requests()).hasSize(6);
        String mend = "Have whoever runs the registry mend its redirects";
        assertAdvice(client.blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)), mend);
        redirect(registry, "/1", "mailto:nobody@registry.example");
        assertAdvice(client.blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)), mend);
    }

    @Test
    void doesNotGoDownToPlainHttp() {
        TestRegistry registry = http();
        redirect(registry, BLOB, "http://storage.example/blob");

        assertFailure(
                clientOf(registry).blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)),
                UnknownCause.REFUSED_ADDRESS,
                "host storage.example, where registry %1$s redirected, was not asked for %1$s/app:1: it is plain http, and imageLookup.registries[].plainHttp is not set for that host"
                        .formatted(registry.host()));
    }

    @Test
    void doesNotGoToAddressesThatAreNotForStrangers() {
        TestRegistry registry = http();
        TestRegistry inside = http();
        for (String location : List.of(
                "https://127.0.0.1:" + inside.port() + "/",
                "https://localhost:" + inside.port() + "/",
                "https://[::1]:" + inside.port() + "/",
                "https://169.254.169.254/latest/meta-data",
                "https://[::ffff:127.0.0.1]:" + inside.port() + "/",
                "https://2130706433:" + inside.port() + "/",
                "https://0.0.0.0:" + inside.port() + "/",
                "//10.0.0.1/")) {
            redirect(registry, BLOB, location.startsWith("//") ? "https:" + location : location);
            assertThat(failure(clientOf(registry).blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)))
                            .why())
                    .as(location)
                    .isEqualTo(UnknownCause.REFUSED_ADDRESS);
        }
        assertThat(inside.requests()).isEmpty();
    }

    @Test
    void aLocationThatIsNoAddressIsMalformed() {
        TestRegistry registry = http();
        for (String location :
                List.of("ftp://x/", "http://", "https://a b/", "https://user@x/", "file:///etc/passwd")) {
            redirect(registry, BLOB, location);
            assertThat(failure(clientOf(registry).blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)))
                            .why())
                    .as(location)
                    .isEqualTo(UnknownCause.MALFORMED);
        }
        registry.script(
                "GET " + BLOB, request -> request.response().setStatusCode(302).end());
        assertThat(failure(clientOf(registry).blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)))
                        .why())
                .isEqualTo(UnknownCause.MALFORMED);
    }

    @Test
    void whoWantsACredentialWhereARegistryRedirectsIsGivenNone() {
        TestRegistry registry = http();
        TestRegistry storage = http();
        redirect(registry, BLOB, "http://" + storage.host() + "/blob");
        storage.require("Basic realm=\"storage\"", "Basic x");

        assertFailure(
                clientOf(registry, storage).blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)),
                UnknownCause.UNAUTHORIZED,
                "host %2$s, where registry %1$s redirected, answered 401 for %1$s/app:1"
                        .formatted(registry.host(), storage.host()));
        assertThat(storage.requests()).containsExactly("GET /blob");
    }

    /** A name that stands before a registry: nodes get the second's token as anybody can, and none but that one sees it. */
    @Test
    void anotherRegistryIsShownATokenOfItsOwnAndNoCredentialOfTheFirst() {
        TestRegistry first = http();
        TestRegistry second = http();
        Digest image = second.image("app", "1", "1000");
        String path = "/v2/app/manifests/1";
        first.require("Basic realm=\"first\"", "Basic dXNlcjpwYXNzd29yZA==");
        String secondChallenge = "Bearer realm=\"http://" + second.host() + "/token\",service=\"second\"";
        second.requireToken(secondChallenge, "anonymous");
        second.interfere(request -> {
            boolean token = request.path().equals("/token");
            if (token) {
                request.response().end("{\"token\":\"anonymous\"}");
            }
            return token;
        });
        first.interfere(request -> {
            boolean admitted = "Basic dXNlcjpwYXNzd29yZA==".equals(request.getHeader("Authorization"));
            if (admitted) {
                request.response()
                        .setStatusCode(307)
                        .putHeader("Location", "http://" + second.host() + request.uri())
                        .end();
            }
            return admitted;
        });
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(first, second))
                .with(GivenCredentials.of(new AuthConfig.Password("user", "password")))
                .build());

        for (int i = 0; i < 2; i++) {
            assertThat(get(client.manifest(pull(first.host() + "/app:1"), "1")).digest())
                    .isEqualTo(image.toString());
        }
        assertThat(second.requests())
                .as("the token is kept")
                .containsExactly("GET " + path, "GET /token", "GET " + path, "GET " + path, "GET " + path);
        assertThat(second.seen())
                .extracting(TestRegistry.Seen::authorization)
                .containsExactly(null, null, "Bearer anonymous", null, "Bearer anonymous");
        assertThat(first.seen()).extracting(TestRegistry.Seen::authorization).doesNotContain("Bearer anonymous");
    }

    /** It may have been revoked since it was kept. */
    @Test
    void aTokenThatIsRefusedWhereARegistryRedirectsIsNotShownAgain() {
        TestRegistry first = http();
        TestRegistry second = http();
        second.image("app", "1", "1000");
        second.requireToken("Bearer realm=\"http://" + second.host() + "/token\"", "second");
        AtomicInteger granted = new AtomicInteger();
        second.script(
                "GET /token",
                request -> request.response()
                        .end("{\"token\":\"" + (granted.incrementAndGet() == 1 ? "first" : "second") + "\"}"));
        redirect(first, "/v2/app/manifests/1", "http://" + second.host() + "/v2/app/manifests/1");
        RemoteRegistry client = clientOf(first, second);

        assertThat(failure(client.manifest(pull(first.host() + "/app:1"), "1")).why())
                .isEqualTo(UnknownCause.UNAUTHORIZED);
        get(client.manifest(pull(first.host() + "/app:1"), "1"));
        assertThat(granted).hasValue(2);
    }

    /** Whose own token the first registry would take must not be got by redirecting to somebody with a realm there. */
    @Test
    void aStrangersRealmGetsNoCredentialOfTheFirst() {
        TestRegistry first = http();
        TestRegistry second = http();
        second.requireToken("Bearer realm=\"http://" + first.host() + "/token\"", "x");
        redirect(first, "/v2/app/manifests/1", "http://" + second.host() + "/v2/app/manifests/1");
        first.script("GET /token", request -> request.response().end("{\"token\":\"x\"}"));
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(first, second))
                .with(GivenCredentials.of(new AuthConfig.Password("user", "password")))
                .build());
        failure(client.manifest(pull(first.host() + "/app:1"), "1"));

        assertThat(first.seen())
                .filteredOn(request -> request.path().equals("/token"))
                .extracting(TestRegistry.Seen::authorization)
                .containsOnlyNulls();
    }

    @Test
    void theHostOfARedirectIsEscapedInTheReason() {
        TestRegistry registry = http();
        redirect(registry, BLOB, "https://" + "a".repeat(300) + ".example.invalid/");

        assertThat(failure(clientOf(registry).blob(pull(registry.host() + "/app:1"), descriptor(DIGEST, 0)))
                        .reason())
                .contains("a…,");
    }
}
