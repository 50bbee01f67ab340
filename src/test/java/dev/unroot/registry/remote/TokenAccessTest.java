package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Answer;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.Pull;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.TrustZone;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenAccessTest extends RegistryTestBase {
    private static final String MEND_SERVICE = "Have whoever runs the registry mend its token service";

    private final AtomicInteger tokens = new AtomicInteger();

    /** A registry whose token service is itself. */
    private TestRegistry guarded() {
        tokens.set(0);
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        registry.image("app", "2", "1000");
        registry.requireToken(challenge(registry.host(), ",scope=\"repository:app:pull\""), "first");
        registry.script("GET /token", request -> grant(request, "{\"token\":\"first\"}"));
        return registry;
    }

    private static String challenge(String host, String more) {
        return "Bearer realm=\"http://" + host + "/token\",service=\"the registry\"" + more;
    }

    private void grant(HttpServerRequest request, String answer) {
        tokens.incrementAndGet();
        request.response().end(answer);
    }

    private static Pull app(TestRegistry registry) {
        return pull(registry.host() + "/app:1");
    }

    @Test
    void fetchesATokenOnceAndKeepsIt() {
        TestRegistry registry = guarded();
        StringBuilder query = new StringBuilder();
        registry.script("GET /token", request -> {
            query.append(request.query());
            grant(request, "{\"token\":\"first\",\"expires_in\":300}");
        });
        RemoteRegistry client = clientOf(registry);

        get(client.manifest(app(registry), "1"));
        Pull second = pull(registry.host() + "/app:2");
        Answer<Digest> answer = get(client.digest(second));

        assertThat(registry.requests())
                .containsExactly(
                        "GET /v2/app/manifests/1", "GET /token", "GET /v2/app/manifests/1", "HEAD /v2/app/manifests/2");
        assertThat(query.toString()).isEqualTo("service=the+registry&scope=repository%3Aapp%3Apull");
        assertThat(registry.seen().get(1).authorization()).isNull();
        assertThat(answer.credential()).isEqualTo(CredentialKey.ANYONE);
    }

    @Test
    void asksForTheUsualScopeWhereTheChallengeNamesNone() {
        TestRegistry registry = guarded();
        registry.requireToken(challenge(registry.host(), ""), "first");
        StringBuilder query = new StringBuilder();
        registry.script("GET /token", request -> {
            query.append(request.query());
            grant(request, "{\"access_token\":\"first\"}");
        });

        get(clientOf(registry).manifest(app(registry), "1"));
        assertThat(query.toString()).endsWith("scope=repository%3Aapp%3Apull");
    }

    @Test
    void findsTheBearerAmongSeveralChallenges() {
        TestRegistry registry = guarded();
        registry.requireToken("Basic realm=\"a, b\", " + challenge(registry.host(), ""), "first");

        get(clientOf(registry).manifest(app(registry), "1"));
        assertThat(tokens).hasValue(1);
    }

    @Test
    void fetchesAnotherTokenWhenTheOldOneHasExpired() {
        TestRegistry registry = guarded();
        AtomicLong nanos = new AtomicLong();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(nanos::get)
                .build());

        get(client.manifest(app(registry), "1"));
        nanos.addAndGet(Duration.ofSeconds(49).toNanos());
        get(client.manifest(app(registry), "1"));
        assertThat(tokens).hasValue(1);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        get(client.manifest(app(registry), "1"));
        assertThat(tokens).hasValue(2);
        // The realm is known by now: no request is spent on another 401.
        assertThat(registry.requests()).hasSize(6);
    }

    @Test
    void replacesATokenThatTheRegistryNoLongerTakes() {
        TestRegistry registry = guarded();
        RemoteRegistry client = clientOf(registry);
        get(client.manifest(app(registry), "1"));

        registry.requireToken(challenge(registry.host(), ",scope=\"repository:app:pull\""), "second");
        registry.script("GET /token", request -> grant(request, "{\"token\":\"second\"}"));
        get(client.manifest(app(registry), "1"));
        assertThat(tokens).hasValue(2);
    }

    @Test
    void aRegistryThatAlwaysAnswers401IsAskedTwice() {
        TestRegistry registry = guarded();
        registry.script("GET /token", request -> grant(request, "{\"token\":\"worthless\"}"));

        assertFailure(
                clientOf(registry).manifest(app(registry), "1"),
                UnknownCause.UNAUTHORIZED,
                "registry %1$s answered 401 for %1$s/app:1".formatted(registry.host()));
        assertThat(registry.requests())
                .containsExactly("GET /v2/app/manifests/1", "GET /token", "GET /v2/app/manifests/1");
    }

    @Test
    void a401WithoutABearerChallengeIsFinal() {
        TestRegistry registry = guarded();
        registry.requireToken("Basic realm=\"x\"", "first");

        assertThat(failure(clientOf(registry).manifest(app(registry), "1")).why())
                .isEqualTo(UnknownCause.UNAUTHORIZED);
        assertThat(registry.requests()).containsExactly("GET /v2/app/manifests/1");
    }

    @Test
    void saysThatTheTokenServiceRefused() {
        TestRegistry registry = guarded();
        registry.script(
                "GET /token", request -> request.response().setStatusCode(403).end());

        assertFailure(
                clientOf(registry).manifest(app(registry), "1"),
                UnknownCause.UNAUTHORIZED,
                "token service %1$s of registry %1$s answered 403 for %1$s/app:1".formatted(registry.host()));
    }

    @Test
    void aTokenServiceThatIsNotThereDoesNotMeanThatTheImageIsNot() {
        TestRegistry registry = guarded();
        registry.script(
                "GET /token", request -> request.response().setStatusCode(404).end());

        assertThat(failure(clientOf(registry).manifest(app(registry), "1")).why())
                .isEqualTo(UnknownCause.UNREACHABLE);
    }

    @Test
    void takesOnlyATokenThatFitsInAHeader() {
        TestRegistry registry = guarded();
        for (String answer :
                List.of("", "[]", "{", "{\"token\":\"\"}", "{\"token\":\"a\\r\\nX-Evil: 1\"}", "{\"token\":\"a b\"}")) {
            registry.script("GET /token", request -> request.response().end(answer));
            assertFailure(
                    clientOf(registry).manifest(app(registry), "1"),
                    UnknownCause.MALFORMED,
                    "token service %1$s of registry %1$s answered without a token for %1$s/app:1"
                            .formatted(registry.host()));
            assertAdvice(clientOf(registry).manifest(app(registry), "1"), MEND_SERVICE);
        }
    }

    @Test
    void aRealmThatIsNoAddressIsTheTokenServicesFault() {
        TestRegistry registry = guarded();
        for (String realm : List.of("no address", "ftp://auth.example/token")) {
            registry.requireToken("Bearer realm=\"" + realm + "\"", "first");
            assertAdvice(clientOf(registry).manifest(app(registry), "1"), MEND_SERVICE);
        }
    }

    @Test
    void theRealmMayBeElsewhereButMustBeHttps() {
        TestRegistry registry = guarded();
        registry.requireToken("Bearer realm=\"http://auth.example/token\"", "first");

        assertFailure(
                clientOf(registry).manifest(app(registry), "1"),
                UnknownCause.REFUSED_ADDRESS,
                "token service auth.example of registry %1$s was not asked for %1$s/app:1: it is plain http, and imageLookup.registries[].plainHttp is not set for that host"
                        .formatted(registry.host()));
    }

    @Test
    void theRealmsAddressIsGuarded() {
        TestRegistry registry = guarded();
        for (String realm : List.of("https://169.254.169.254/latest", "https://[::ffff:169.254.169.254]/")) {
            registry.requireToken("Bearer realm=\"" + realm + "\"", "first");
            assertThat(failure(clientOf(registry).manifest(app(registry), "1")).why())
                    .isEqualTo(UnknownCause.REFUSED_ADDRESS);
        }
        registry.requireToken("Bearer realm=\"https://127.0.0.1:1/token\"", "first");
        assertFailure(
                clientOf(registry).manifest(app(registry), "1"),
                UnknownCause.REFUSED_ADDRESS,
                "token service 127.0.0.1:1 of registry %1$s was not asked for %1$s/app:1: its address is loopback, and imageLookup.registries[].allowPrivate is not set for host 127.0.0.1:1"
                        .formatted(registry.host()));
    }

    @Test
    void aRealmThatIsNoAddressIsMalformed() {
        TestRegistry registry = guarded();
        for (String realm :
                List.of("", "/token", "ftp://x/", "https://user:pw@x/", "https://x y/", "https:///t", "a:b")) {
            registry.requireToken("Bearer realm=\"" + realm + "\"", "first");
            assertThat(failure(clientOf(registry).manifest(app(registry), "1")).why())
                    .as(realm)
                    .isEqualTo(UnknownCause.MALFORMED);
        }
    }

    @Test
    void tokensOfOneRepositoryAreNotUsedForAnother() {
        TestRegistry registry = guarded();
        registry.image("other", "1", "0");
        registry.requireToken(challenge(registry.host(), ""), "first");
        RemoteRegistry client = clientOf(registry);

        get(client.manifest(app(registry), "1"));
        get(client.manifest(pull(registry.host() + "/other:1"), "1"));

        assertThat(tokens).hasValue(2);
        assertThat(registry.seen().get(3).path()).isEqualTo("/v2/other/manifests/1");
        assertThat(registry.seen().get(3).authorization()).isNull();
    }
}
