package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Answer;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.Pull;
import dev.unroot.registry.access.TokenServices;
import dev.unroot.registry.credentials.AuthConfig;
import dev.unroot.registry.credentials.Credential;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.credentials.NoCredentials;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RegistryHosts;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is shown to whom. */
class CredentialAccessTest extends RegistryTestBase {
    private static final AuthConfig.Password PASSWORD = new AuthConfig.Password("robot", "pass:word");
    private static final AuthConfig.Password WRONG = new AuthConfig.Password("robot", "old");
    private static final AuthConfig.IdentityToken IDENTITY = new AuthConfig.IdentityToken("refresh+me");
    private static final String BASIC = "Basic cm9ib3Q6cGFzczp3b3Jk";
    private static final String REPOSITORY = "/v2/app/manifests/1";

    private final List<String> forms = new CopyOnWriteArrayList<>();

    @BeforeEach
    void forget() {
        forms.clear();
    }

    private TestRegistry registry() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        return registry;
    }

    /** With a token service of its own that grants for this Authorization by GET. */
    private static void guard(TestRegistry registry, String realmHost, String authorization) {
        registry.requireToken("Bearer realm=\"http://" + realmHost + "/token\",service=\"it\"", "granted");
        registry.script("GET /token", request -> {
            boolean known = authorization.equals(request.getHeader("Authorization"));
            request.response().setStatusCode(known ? 200 : 401).end("{\"token\":\"granted\"}");
        });
    }

    private RemoteRegistry client(TestRegistry registry, AuthConfig... authConfigs) {
        return client(options(registry, authConfigs));
    }

    private static RemoteOptions options(TestRegistry registry, AuthConfig... authConfigs) {
        return TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(GivenCredentials.of(authConfigs))
                .build();
    }

    private static Pull app(TestRegistry registry) {
        return pull(registry.host() + "/app:1");
    }

    private static List<String> shown(TestRegistry registry) {
        List<String> shown = new ArrayList<>();
        registry.seen().forEach(request -> shown.add(request + " " + request.authorization()));
        return shown;
    }

    private void form(HttpServerRequest request, String answer) {
        request.body().onSuccess(body -> {
            forms.add(request.getHeader("Content-Type") + " " + body);
            request.response().end(answer);
        });
    }

    @Test
    void showsAPasswordWhereTheRegistryAsksForBasicAndAtOnceFromThenOn() {
        TestRegistry registry = registry();
        registry.require("Basic realm=\"x\"", BASIC);
        RemoteRegistry client = client(registry, PASSWORD);

        get(client.manifest(app(registry), "1"));
        Pull second = app(registry);
        Answer<Digest> answer = get(client.digest(second));

        assertThat(shown(registry))
                .containsExactly(
                        "GET " + REPOSITORY + " null",
                        "GET " + REPOSITORY + " " + BASIC,
                        "HEAD " + REPOSITORY + " " + BASIC);
        assertThat(answer.credential().value()).isEqualTo("key of Password");
    }

    /** A Secret that changes while an image is read does not have one half of it read as somebody else. */
    @Test
    void credentialsAreLookedForOnceInAPull() {
        TestRegistry registry = registry();
        Digest digest = registry.image("app", "1", "1000");
        registry.require("Basic realm=\"x\"", BASIC);
        AtomicInteger asked = new AtomicInteger();
        RemoteRegistry client = client(registry, deadline -> {
            asked.incrementAndGet();
            return GivenCredentials.of(asked.get() == 1 ? PASSWORD : AuthConfig.NONE);
        });

        Pull pull = app(registry);
        get(client.digest(pull));
        get(client.manifest(pull, digest.toString()));
        assertThat(asked).hasValue(1);

        assertThatThrownBy(() -> get(client.digest(app(registry)))).hasMessageContaining("answered 401");
        assertThat(asked).hasValue(2);
    }

    @Test
    void credentialsThatWereNotFoundInTimeAreLookedForAgain() {
        TestRegistry registry = registry();
        Digest digest = registry.image("app", "1", "1000");
        registry.require("Basic realm=\"x\"", BASIC);
        AtomicLong nanos = new AtomicLong();
        AtomicInteger asked = new AtomicInteger();
        RemoteRegistry client = client(registry, deadline -> {
            boolean first = asked.incrementAndGet() == 1;
            nanos.addAndGet(first ? deadline.remaining().toNanos() : 0);
            return GivenCredentials.of(first ? AuthConfig.NONE : PASSWORD);
        });

        Pull pull = new Pull(app(registry).image(), PullIdentity.NONE, Deadline.in(GENEROUS, nanos::get));
        assertThat(get(client.digest(pull)).value()).isEqualTo(digest);
        assertThat(asked).hasValue(2);
    }

    private RemoteRegistry client(TestRegistry registry, Function<Deadline, GivenCredentials> found) {
        return client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(new Credentials() {
                    @Override
                    public Candidates find(ImageReference reference, PullIdentity identity, Deadline deadline) {
                        return found.apply(deadline).find(reference, identity, deadline);
                    }

                    @Override
                    public CompletionStage<Entitlement> entitlement(
                            ImageReference reference, PullIdentity identity, Deadline deadline) {
                        return CompletableFuture.completedFuture(NoCredentials.ENTITLEMENT);
                    }
                })
                .build());
    }

    @Test
    void showsAPasswordToTheTokenServiceAndOnlyTheTokenToTheRegistry() {
        TestRegistry registry = registry();
        guard(registry, registry.host(), BASIC);

        get(client(registry, PASSWORD).manifest(app(registry), "1"));
        assertThat(shown(registry))
                .containsExactly(
                        "GET " + REPOSITORY + " null", "GET /token " + BASIC, "GET " + REPOSITORY + " Bearer granted");
    }

    @Test
    void postsAPasswordToATokenServiceThatHasNoGet() {
        for (int status : List.of(404, 405)) {
            TestRegistry registry = registry();
            guard(registry, registry.host(), BASIC);
            registry.script(
                    "GET /token",
                    request -> request.response().setStatusCode(status).end());
            registry.script("POST /token", request -> form(request, "{\"access_token\":\"granted\"}"));
            forms.clear();

            get(client(registry, PASSWORD).manifest(app(registry), "1"));
            assertThat(forms)
                    .containsExactly(
                            "application/x-www-form-urlencoded grant_type=password&username=robot&password=pass%3Aword"
                                    + "&service=it&scope=repository%3Aapp%3Apull&client_id=unroot");
        }
    }

    @Test
    void aPasswordThatTheTokenServiceRefusesIsNotShownAgain() {
        TestRegistry registry = registry();
        guard(registry, registry.host(), BASIC);

        assertFailure(
                client(registry, WRONG).manifest(app(registry), "1"),
                UnknownCause.UNAUTHORIZED,
                "token service %1$s of registry %1$s answered 401 for %1$s/app:1".formatted(registry.host()));
        assertThat(registry.requests()).containsExactly("GET " + REPOSITORY, "GET /token");
    }

    @Test
    void postsAnIdentityToken() {
        TestRegistry registry = registry();
        guard(registry, registry.host(), "never");
        registry.script("POST /token", request -> form(request, "{\"access_token\":\"granted\"}"));

        get(client(registry, IDENTITY).manifest(app(registry), "1"));
        assertThat(registry.requests()).containsExactly("GET " + REPOSITORY, "POST /token", "GET " + REPOSITORY);
        assertThat(forms)
                .containsExactly("application/x-www-form-urlencoded grant_type=refresh_token&refresh_token=refresh%2Bme"
                        + "&service=it&scope=repository%3Aapp%3Apull&client_id=unroot");
    }

    @Test
    void aFormIsNotCarriedToWhereATokenServiceRedirects() {
        TestRegistry registry = registry();
        TestRegistry elsewhere = http();
        guard(registry, registry.host(), "never");
        registry.script(
                "POST /token",
                request -> request.response()
                        .setStatusCode(307)
                        .putHeader("Location", "http://" + elsewhere.host() + "/token")
                        .end());
        RemoteOptions options = TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry, elsewhere))
                .with(GivenCredentials.of(IDENTITY))
                .build();

        assertThat(failure(client(options).manifest(app(registry), "1")).why()).isEqualTo(UnknownCause.UNREACHABLE);
        assertThat(elsewhere.requests()).isEmpty();
    }

    @Test
    void anIdentityTokenIsNoPasswordForBasic() {
        TestRegistry registry = registry();
        registry.require("Basic realm=\"x\"", BASIC);

        assertThat(failure(client(registry, IDENTITY).manifest(app(registry), "1"))
                        .why())
                .isEqualTo(UnknownCause.UNAUTHORIZED);
        assertThat(shown(registry)).containsExactly("GET " + REPOSITORY + " null");
    }

    @Test
    void showsARegistryTokenUnaskedAndOnce() {
        TestRegistry registry = registry();
        guard(registry, registry.host(), "never");
        get(client(registry, new AuthConfig.RegistryToken("granted")).manifest(app(registry), "1"));
        assertThat(shown(registry)).containsExactly("GET " + REPOSITORY + " Bearer granted");

        registry.forgetRequests();
        assertThat(failure(client(registry, new AuthConfig.RegistryToken("old")).manifest(app(registry), "1"))
                        .why())
                .isEqualTo(UnknownCause.UNAUTHORIZED);
        assertThat(shown(registry)).containsExactly("GET " + REPOSITORY + " Bearer old");
    }

    @Test
    void triesSeveralInTurnAndBeginsWithTheOneThatWorked() {
        TestRegistry registry = registry();
        guard(registry, registry.host(), BASIC);
        RemoteRegistry client = client(registry, WRONG, PASSWORD);

        get(client.manifest(app(registry), "1"));
        assertThat(registry.requests())
                .containsExactly(
                        "GET " + REPOSITORY, "GET /token", "GET " + REPOSITORY, "GET /token", "GET " + REPOSITORY);
        registry.forgetRequests();
        get(client.digest(app(registry)));
        assertThat(shown(registry)).containsExactly("HEAD " + REPOSITORY + " Bearer granted");
    }

    @Test
    void nobodyAsksAsNobodyWhereACredentialMatched() {
        TestRegistry registry = registry();
        TestRegistry open = registry();
        open.script(
                "GET " + REPOSITORY,
                request -> request.response()
                        .setStatusCode(request.getHeader("Authorization") == null ? 401 : 403)
                        .putHeader("WWW-Authenticate", "Basic realm=\"x\"")
                        .end());
        registry.require("Basic realm=\"x\"", BASIC);

        for (TestRegistry asked : List.of(registry, open)) {
            assertThat(failure(client(asked, WRONG).manifest(app(asked), "1")).why())
                    .isEqualTo(UnknownCause.UNAUTHORIZED);
            assertThat(asked.requests()).hasSize(2);
            assertThat(asked.seen().get(1).authorization()).startsWith("Basic ");
        }
    }

    @Test
    void a401ForEverIsAskedTwicePerCredential() {
        TestRegistry registry = registry();
        registry.require("Basic realm=\"x\"", "never");
        RemoteRegistry client = client(registry, WRONG, PASSWORD);

        for (int expected : List.of(4, 2)) {
            registry.forgetRequests();
            assertThat(failure(client.manifest(app(registry), "1")).why()).isEqualTo(UnknownCause.UNAUTHORIZED);
            assertThat(registry.requests()).hasSize(expected);
        }
    }

    @Test
    void aRealmOnAnotherHostIsShownNothingUnlessItIsConfigured() {
        TestRegistry registry = registry();
        TestRegistry tokens = http();
        guard(registry, tokens.host(), "never");
        tokens.script("GET /token", request -> request.response().end("{\"token\":\"granted\"}"));
        List<RegistryOptions> hosts = plain(registry, tokens);

        for (AuthConfig authConfig : List.of(PASSWORD, IDENTITY)) {
            RemoteRegistry strict = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                    .with(hosts)
                    .with(GivenCredentials.of(authConfig))
                    .build());
            assertFailure(
                    strict.manifest(app(registry), "1"),
                    UnknownCause.UNAUTHORIZED,
                    ("token service %2$s of registry %1$s was not asked for %1$s/app:1: credentials are shown to"
                                    + " another host only where imageLookup.registries[].tokenServices of host %1$s names it")
                            .formatted(registry.host(), tokens.host()));
        }
        assertThat(tokens.requests()).isEmpty();
        // Whoever shows nothing may ask anywhere.
        get(client(TestRemoteOptions.of(TrustZone.UNTRUSTED).with(hosts).build())
                .manifest(app(registry), "1"));

        tokens.forgetRequests();
        RemoteRegistry told = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(
                        TestRegistryOptions.from(hosts.get(0))
                                .withTokenServices(tokens.host())
                                .build(),
                        hosts.get(1)))
                .with(GivenCredentials.of(PASSWORD))
                .build());
        get(told.manifest(app(registry), "1"));
        assertThat(shown(tokens)).containsExactly("GET /token " + BASIC);
    }

    @Test
    void theTokenServicesOfOneRegistryAreNotThoseOfAnother() {
        Origin hub = new Origin(true, "registry-1.docker.io", 443);
        Origin hubTokens = new Origin(true, "auth.docker.io", 443);
        Origin mine = new Origin(true, "registry.example", 443);
        Origin tokens = new Origin(true, "tokens.example", 443);
        List<RegistryOptions> configured = List.of(TestRegistryOptions.of("registry.example")
                .withTokenServices("tokens.example")
                .build());
        TokenServices services = new TokenServices(new RegistryHosts(configured), configured);

        assertThat(services.mayKnow(hub, hubTokens)).isTrue();
        assertThat(services.mayKnow(mine, tokens)).isTrue();
        assertThat(services.mayKnow(mine, mine)).isTrue();
        assertThat(services.mayKnow(mine, hubTokens)).isFalse();
        assertThat(services.mayKnow(hub, tokens)).isFalse();
        assertThat(services.mayKnow(hub, new Origin(true, "auth.docker.io.evil.test", 443)))
                .isFalse();
        assertThat(services.mayKnow(hub, new Origin(false, "auth.docker.io", 80)))
                .isFalse();
        assertThat(services.mayKnow(hub, new Origin(true, "auth.docker.io", 8443)))
                .isFalse();
        assertThat(services.mayKnow(mine, new Origin(true, "tokens.example", 8443)))
                .isFalse();
        assertThat(services.mayKnow(mine, new Origin(true, "registry.example.evil.test", 443)))
                .isFalse();
        assertThat(services.mayKnow(new Origin(true, "registry-1.docker.io.evil.test", 443), hubTokens))
                .isFalse();
        assertThat(TokenServices.name(hub)).isEqualTo("docker.io");
    }

    @Test
    void aRedirectToAnotherHostTakesNoCredentialAlong() {
        TestRegistry registry = registry();
        TestRegistry storage = http();
        registry.script("GET " + REPOSITORY, request -> {
            boolean known = BASIC.equals(request.getHeader("Authorization"));
            request.response()
                    .setStatusCode(known ? 307 : 401)
                    .putHeader("WWW-Authenticate", "Basic realm=\"x\"")
                    .putHeader("Location", "http://" + storage.host() + "/stored")
                    .end();
        });
        storage.script("GET /stored", request -> request.response().end("{}"));
        RemoteOptions options = TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry, storage))
                .with(GivenCredentials.of(PASSWORD))
                .build();

        get(client(options).manifest(app(registry), "1"));
        assertThat(shown(storage)).containsExactly("GET /stored null");
    }

    @Test
    void aRedirectThatAsksForAPasswordGetsNone() {
        TestRegistry registry = registry();
        TestRegistry thief = http();
        thief.script(
                "GET /stolen",
                request -> request.response()
                        .setStatusCode(401)
                        .putHeader("WWW-Authenticate", "Basic realm=\"x\"")
                        .end());
        registry.script(
                "GET " + REPOSITORY,
                request -> request.response()
                        .setStatusCode(307)
                        .putHeader("Location", "http://" + thief.host() + "/stolen")
                        .end());
        RemoteOptions options = TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry, thief))
                .with(GivenCredentials.of(PASSWORD))
                .build();

        assertThat(failure(client(options).manifest(app(registry), "1")).why()).isEqualTo(UnknownCause.UNAUTHORIZED);
        assertThat(shown(thief)).containsExactly("GET /stolen null");
    }

    @Test
    void tellsWhatIsWrongWithTheOperatorsCredentialsWhereItMayBeWhy() {
        TestRegistry registry = registry();
        registry.require("Basic realm=\"x\"", BASIC);
        Credentials broken =
                new GivenCredentials(List.of(Credential.ANONYMOUS), List.of("credential helper x failed", "so did y"));

        assertFailure(
                client(TestRemoteOptions.from(options(registry)).with(broken).build())
                        .manifest(app(registry), "1"),
                UnknownCause.UNAUTHORIZED,
                "registry %1$s answered 401 for %1$s/app:1; credential helper x failed; so did y"
                        .formatted(registry.host()));
    }
}
