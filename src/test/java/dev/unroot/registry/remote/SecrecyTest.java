package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.registry.access.TokenKey;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.QuietListener;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.registry.credentials.HelperFolders;
import dev.unroot.registry.credentials.OperatorCredentials;
import dev.unroot.registry.credentials.OperatorCredentials.ConfigFile;
import dev.unroot.registry.credentials.PodCredentials;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.http.Url;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import dev.unroot.review.PullSecret;
import dev.unroot.review.PullSecrets;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Whatever goes well or wrong, no credential is in a log at any level, a message, an exception, a metric or a toString. */
class SecrecyTest extends RegistryTestBase {
    private static final String PASSWORD = "planted-password";
    private static final String IDENTITY = "planted-identity";
    private static final String REGISTRY_TOKEN = "planted-registry-token";
    private static final String HELPER = "planted-helper";
    private static final String GRANTED = "planted-granted";
    private static final String USER = "planted-user";
    private static final PullIdentity POD = new PullIdentity("team", List.of("a"), "default");

    @TempDir
    private Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Everything log = new Everything();

    /** Every log line there is, with its arguments and its stack trace. */
    private final class Everything extends AppenderBase<ILoggingEvent> {
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        private final Level before = root.getLevel();

        @Override
        protected void append(ILoggingEvent event) {
            told.add(event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                    + (event.getThrowableProxy() == null
                            ? ""
                            : ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    }

    @BeforeEach
    void listen() {
        told.clear();
        log.start();
        log.root.iteratorForAppenders().forEachRemaining(appender -> appender.addFilter(Quiet.FILTER));
        log.root.setLevel(Level.TRACE);
        log.root.addAppender(log);
    }

    @AfterEach
    void stop() {
        log.root.detachAppender(log);
        log.root.setLevel(log.before);
        log.root.iteratorForAppenders().forEachRemaining(ch.qos.logback.core.Appender::clearAllFilters);
        log.stop();
    }

    /** Keeps the console readable while everything is listened to. */
    private static final class Quiet extends ch.qos.logback.core.filter.Filter<ILoggingEvent> {
        static final Quiet FILTER = new Quiet();

        @Override
        public ch.qos.logback.core.spi.FilterReply decide(ILoggingEvent event) {
            return event.getLevel().isGreaterOrEqual(Level.ERROR)
                    ? ch.qos.logback.core.spi.FilterReply.NEUTRAL
                    : ch.qos.logback.core.spi.FilterReply.DENY;
        }
    }

    private static String basic() {
        String both = USER + ":" + PASSWORD;
        return Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private PodCredentials credentials(TestRegistry registry) throws IOException {
        String host = registry.host();
        String secret = "{\"auths\":{\"" + host + "\":{\"auth\":\"" + basic() + "\"},\"" + host
                + "/identity\":{\"identitytoken\":\"" + IDENTITY + "\"},\"" + host + "/token\":{\"registrytoken\":\""
                + REGISTRY_TOKEN + "\"},\"bad.example\":{\"auth\":\"" + PASSWORD + "!\"}}}";
        Path program =
                Files.writeString(folder.resolve("docker-credential-planted"), """
                    #!/bin/sh
                    echo '{"Username":"%s","Secret":"%s"}'
                    echo '%s' >&2
                    """.formatted(USER, HELPER, HELPER));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Path broken = Files.writeString(folder.resolve("docker-credential-broken"), """
            #!/bin/sh
            echo 'error: %s'
            exit 1
            """.formatted(HELPER));
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwx------"));
        Path config = Files.writeString(
                folder.resolve("config.json"),
                "{\"credHelpers\":{\"" + host + "/helped\":\"planted\",\"" + host + "/broken\":\"broken\"},"
                        + "\"auths\":{\"bad.example\":{\"auth\":\"" + PASSWORD + "!\"}}}");
        OperatorCredentials own = closing(OperatorCredentials.open(
                List.of(new ConfigFile(config, null, "unroot.yaml:7: imageLookup.dockerConfig")),
                new HelperFolders(folder, List.of()),
                Ticker.systemTicker()));
        PullSecrets secrets = (identity, deadline) -> CompletableFuture.completedFuture(new PullSecrets.Found(
                List.of(
                        new PullSecret("a", "kubernetes.io/dockerconfigjson", secret),
                        new PullSecret("b", "kubernetes.io/dockerconfigjson", "{\"auths\":" + PASSWORD)),
                List.of()));
        return new PodCredentials(secrets, own, "", Ticker.systemTicker());
    }

    /** Looks an image of each kind up, and keeps whatever is told about it. */
    private void lookUp(TestRegistry registry, boolean known) throws IOException {
        PodCredentials credentials = credentials(registry);
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(credentials)
                .with((RequestListener) told::add)
                .build());
        CachingImageUsers users = closing(new CachingImageUsers(
                client,
                new ImageReader(client, Limits.DEFAULT),
                Detail.USER,
                CacheOptions.DEFAULT,
                Ticker.systemTicker(),
                new QuietListener()));
        for (String repository : List.of("app", "identity/app", "token/app", "helped/app", "broken/app")) {
            ImageReference reference = ImageReference.parse(registry.host() + "/" + repository + ":1");
            ImageQuery query = new ImageQuery(reference, List.of(Platform.parse("linux/amd64")), POD);
            ImageFacts facts = get(users.find(query, Deadline.in(GENEROUS)));
            assertThat(facts instanceof ImageFacts.Known).as(facts.toString()).isEqualTo(known);
            told.add(facts.toString());
            Credentials.Candidates candidates = credentials.find(reference, POD, Deadline.in(GENEROUS));
            told.add(candidates.toString());
            candidates.credentials().forEach(credential -> {
                told.add(credential + " " + credential.key() + " " + credential.authConfig());
                told.add(new TokenKey(
                                new Origin(true, "x", 443),
                                new Url(new Origin(true, "x", 443), "/"),
                                "",
                                "",
                                credential)
                        .toString());
            });
            told.add(get(credentials.entitlement(reference, POD, Deadline.in(GENEROUS)))
                    .toString());
            told.add(get(client.digest(pull(reference.toString())).handle((digest, failure) -> {
                java.io.StringWriter text = new java.io.StringWriter();
                if (failure != null) {
                    failure.printStackTrace(new java.io.PrintWriter(text));
                }
                return digest + " " + text;
            })));
        }
    }

    private void assertNothingIsTold(TestRegistry registry) {
        String everything = String.join("\n", told);
        assertThat(everything).contains("Secret team/a", "Secret team/b");
        for (String secret : List.of(PASSWORD, IDENTITY, REGISTRY_TOKEN, HELPER, GRANTED, USER, basic())) {
            assertThat(everything).doesNotContain(secret);
        }
        // It was worth looking for: the registry was shown some of it.
        assertThat(registry.seen()).anyMatch(request -> ("Basic " + basic()).equals(request.authorization()));
        assertThat(registry.seen()).anyMatch(request -> ("Bearer " + REGISTRY_TOKEN).equals(request.authorization()));
    }

    private TestRegistry registry() {
        TestRegistry registry = http();
        for (String repository : List.of("app", "identity/app", "token/app", "helped/app", "broken/app")) {
            registry.image(repository, "1", "1000");
        }
        return registry;
    }

    private static void answerTokens(TestRegistry registry, Handler<HttpServerRequest> handler) {
        registry.script("GET /token", handler);
        registry.script("POST /token", handler);
    }

    @Test
    void whereAllGoesWell() throws IOException {
        TestRegistry registry = registry();
        registry.requireToken("Bearer realm=\"http://" + registry.host() + "/token\"", GRANTED);
        answerTokens(registry, request -> request.response().end("{\"token\":\"" + GRANTED + "\"}"));
        // This one is shown as it is.
        for (String method : List.of("GET", "HEAD")) {
            registry.script(method + " /v2/token/app/manifests/1", request -> {
                boolean shown = ("Bearer " + REGISTRY_TOKEN).equals(request.getHeader("Authorization"));
                request.response().setStatusCode(shown ? 404 : 401).end();
            });
        }
        assertThat(registry.requests()).isEmpty();
        PodCredentials credentials = credentials(registry);
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry))
                .with(credentials)
                .build());
        for (String repository : List.of("app", "identity/app", "helped/app")) {
            ImageReference reference = ImageReference.parse(registry.host() + "/" + repository + ":1");
            dev.unroot.registry.Pull pull = new dev.unroot.registry.Pull(reference, POD, Deadline.in(GENEROUS));
            told.add(get(client.manifest(pull, "1")).toString());
            told.add(String.valueOf(pull.granted().credential()));
            told.add(get(credentials.entitlement(reference, POD, Deadline.in(GENEROUS)))
                    .toString());
        }
        dev.unroot.registry.Pull direct = new dev.unroot.registry.Pull(
                ImageReference.parse(registry.host() + "/token/app:1"), POD, Deadline.in(GENEROUS));
        told.add(failure(client.manifest(direct, "1")).toString());
        assertNothingIsTold(registry);
    }

    @Test
    void whereEverybodyIsRefused() throws IOException {
        TestRegistry registry = registry();
        registry.requireToken("Bearer realm=\"http://" + registry.host() + "/token\"", "never");
        answerTokens(
                registry,
                request -> request.response().setStatusCode(401).end("you are " + request.getHeader("Authorization")));
        lookUp(registry, false);
        assertNothingIsTold(registry);
    }

    @Test
    void whereTheTokenServiceRepeatsWhatItWasShown() throws IOException {
        for (String answer :
                List.of("{\"token\":\"%s\\r\\n\"}", "{\"token\":\"%s", "{\"access_token\": 1, \"x\":\"%s\"}")) {
            TestRegistry registry = registry();
            registry.requireToken("Bearer realm=\"http://" + registry.host() + "/token\"", "never");
            answerTokens(
                    registry,
                    request -> request.body()
                            .onSuccess(body -> request.response()
                                    .end(answer.formatted(request.getHeader("Authorization") + body + GRANTED))));
            lookUp(registry, false);
            assertNothingIsTold(registry);
        }
    }

    @Test
    void whereTheConnectionBreaks() throws IOException {
        TestRegistry registry = registry();
        registry.requireToken("Bearer realm=\"http://" + registry.host() + "/token\"", "never");
        answerTokens(registry, request -> request.connection().close());
        lookUp(registry, false);
        assertNothingIsTold(registry);
    }

    @Test
    void whereTheRealmIsSomewhereElse() throws IOException {
        TestRegistry registry = registry();
        registry.requireToken("Bearer realm=\"https://tokens.example/token\"", "never");
        registry.script("GET /v2/app/manifests/1", request -> {
            boolean shown = request.getHeader("Authorization") != null;
            request.response()
                    .setStatusCode(401)
                    .putHeader("WWW-Authenticate", shown ? "Bearer realm=\"https://tokens.example/\"" : "Basic realm=x")
                    .end();
        });
        lookUp(registry, false);
        assertNothingIsTold(registry);
    }
}
