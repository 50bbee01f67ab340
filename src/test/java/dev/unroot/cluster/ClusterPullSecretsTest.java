package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.unroot.common.Deadline;
import dev.unroot.review.ImageQuery.PullIdentity;
import dev.unroot.review.PullSecret;
import dev.unroot.review.PullSecrets.Found;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(300)
class ClusterPullSecretsTest {
    private static final String CONFIG = "{\"auths\":{\"ghcr.io\":{\"auth\":\"b3BlbjpzZXNhbWU=\"}}}";
    private static final String SECRETS = "/api/v1/namespaces/shop/secrets/";
    private static final String ACCOUNTS = "/api/v1/namespaces/shop/serviceaccounts/";

    private final ApiServer server = new ApiServer();
    private final ClusterConnection connection = server.connect();
    private final AtomicLong clock = new AtomicLong();
    private final ClusterPullSecrets secrets =
            new ClusterPullSecrets(new ApiReader(connection.client()), "shop"::equals, clock::get);

    @AfterEach
    void close() {
        server.close();
        connection.close();
    }

    @Test
    void readsThePodsSecretsInOrderEachOnceAndNoServiceAccount() {
        server.write(secret("a", CONFIG));
        server.write(secret("b", "{}"));
        account("builder", "c");
        Found found = find(pod("b", "a", "b"));
        assertThat(found.problems()).isEmpty();
        assertThat(found.secrets())
                .containsExactly(
                        new PullSecret("b", "kubernetes.io/dockerconfigjson", "{}"),
                        new PullSecret("a", "kubernetes.io/dockerconfigjson", CONFIG));
        assertThat(server.requests().stream()
                        .filter(request -> request.getPath().contains("serviceaccounts/")))
                .as("a ServiceAccount's secrets go only to pods without any")
                .allMatch(request -> request.getMethod().equals("POST")
                        || request.getMethod().equals("PUT"));
    }

    @Test
    void aPodWithoutSecretsHasThoseOfItsServiceAccount() {
        server.write(secret("a", CONFIG));
        account("builder", "a");
        account("default");
        assertThat(names(find(running("builder")))).containsExactly("a");
        assertThat(find(running(null))).isEqualTo(Found.NOTHING);
        assertThat(find(running(""))).isEqualTo(Found.NOTHING);
        account("default", "a");
        clock.addAndGet(TimeUnit.MINUTES.toNanos(6));
        assertThat(names(find(running(null)))).as("the ServiceAccount default").containsExactly("a");
    }

    @Test
    void remembersForFiveMinutes() {
        server.write(secret("a", "{}"));
        account("builder", "a");
        find(running("builder"));
        server.write(secret("a", CONFIG));
        long before = reads("a");
        for (int i = 0; i < 1000; i++) {
            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(290));
            CompletableFuture<Found> found =
                    secrets.find(running("builder"), Deadline.passed()).toCompletableFuture();
            assertThat(found).isCompleted();
            assertThat(found.join().secrets().get(0).config()).isEqualTo("{}");
        }
        assertThat(reads("a")).isEqualTo(before);
        assertThat(server.gets(ACCOUNTS + "builder")).isEqualTo(1);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(find(running("builder")).secrets().get(0).config()).isEqualTo(CONFIG);
        assertThat(reads("a")).isEqualTo(before + 1);
    }

    @Test
    void aSecretThatIsCreatedLaterIsFoundSoon() {
        server.write(secret("a", CONFIG));
        Found found = find(pod("later", "a"));
        assertThat(names(found)).containsExactly("a");
        assertThat(found.problems()).containsExactly("Secret shop/later does not exist");
        server.write(secret("later", CONFIG));
        clock.addAndGet(TimeUnit.SECONDS.toNanos(29));
        assertThat(find(pod("later")).secrets()).isEmpty();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(names(find(pod("later")))).containsExactly("later");
    }

    @Test
    void fiftyAskersShareOneRead() throws Exception {
        server.answer(request -> request.getPath().equals(SECRETS + "a")
                ? ApiServer.found(secret("a", CONFIG)).setBodyDelay(300, TimeUnit.MILLISECONDS)
                : null);
        List<CompletableFuture<Found>> answers = IntStream.range(0, 50)
                .mapToObj(i -> secrets.find(pod("a"), in(20)).toCompletableFuture())
                .toList();
        for (CompletableFuture<Found> answer : answers) {
            assertThat(names(answer.get(20, TimeUnit.SECONDS))).containsExactly("a");
        }
        assertThat(reads("a")).isEqualTo(1);
    }

    @Test
    void withoutTheRightEachIsAskedOnceAndOneLineLogged() {
        server.answer(request ->
                request.getPath().startsWith("/api/v1/namespaces/shop/") ? ApiServer.status(403, "forbidden") : null);
        Logger log = (Logger) LoggerFactory.getLogger(ObjectReads.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.WARN);
        log.setAdditive(false);
        for (int i = 0; i < 20; i++) {
            clock.addAndGet(TimeUnit.SECONDS.toNanos(10));
            assertThat(find(pod("a", "b")).problems())
                    .containsExactly(
                            "Secret shop/a may not be read (Unroot's role does not allow get on secrets there)",
                            "Secret shop/b may not be read (Unroot's role does not allow get on secrets there)");
            assertThat(find(running("builder")).problems())
                    .containsExactly("ServiceAccount shop/builder may not be read"
                            + " (Unroot's role does not allow get on serviceaccounts there)");
        }
        log.setLevel(null);
        log.setAdditive(true);
        log.detachAppender(lines);
        assertThat(server.requests()).hasSize(3);
        assertThat(lines.list).filteredOn(line -> line.getLevel() == Level.WARN).hasSize(1 + 1);
    }

    @Test
    void ofOtherNamespacesNotEvenTheAttemptIsMade() {
        Found found = find(new PullIdentity("kube-system", List.of("a"), null));
        assertThat(found.secrets()).isEmpty();
        assertThat(found.problems())
                .containsExactly("pull secrets in namespace kube-system are not read,"
                        + " since imageLookup.pullSecrets does not name it");
        assertThat(found.unread()).isTrue();
        assertThat(find(PullIdentity.NONE)).isEqualTo(Found.NOTHING);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void namesThatAreNoNamesNeverReachAnAddress() {
        for (String name : List.of("../configmaps/x", "a/b", "a?x", "A", "-a", "a..b", "a%2Fb", "x".repeat(254))) {
            assertThat(find(pod(name)).problems()).hasSize(1).first().asString().contains("cannot be a Secret's name");
            assertThat(find(running(name)).problems())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("cannot be a ServiceAccount's name");
        }
        assertThat(find(new PullIdentity("shop/../x", List.of("a"), null))).isEqualTo(Found.NOTHING);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aPodThatNamesThousandsOfSecretsCostsThirtyTwoRequests() {
        String[] names = IntStream.range(0, 5000).mapToObj(i -> "s" + i).toArray(String[]::new);
        assertThat(find(pod(names)).problems()).contains("only the first 32 pull secrets were read");
        assertThat(server.requests()).hasSize(32);
    }

    @Test
    void otherSecretsAreNamedAndNothingOfThemIsKept() {
        Secret opaque = secret("opaque", CONFIG);
        opaque.setType("Opaque");
        server.write(opaque);
        Secret large = secret("large", "x".repeat(PullSecretParser.LONGEST_CONFIG + 3));
        server.write(large);
        Secret empty = secret("empty", "");
        empty.setData(null);
        server.write(empty);
        Secret old = secret("old", CONFIG);
        old.setType("kubernetes.io/dockercfg");
        old.setData(java.util.Map.of(".dockercfg", base64("{}"), ".dockerconfigjson", base64(CONFIG)));
        server.write(old);
        Found found = find(pod("opaque", "large", "empty", "old"));
        assertThat(found.secrets())
                .containsExactly(
                        new PullSecret("empty", "kubernetes.io/dockerconfigjson", ""),
                        new PullSecret("old", "kubernetes.io/dockercfg", "{}"));
        assertThat(found.problems())
                .containsExactly(
                        "Secret shop/opaque is of type Opaque, and no image is pulled with that",
                        "Secret shop/large is larger than 256 KiB, which no pull secret needs to be");
        assertThat(found).asString().doesNotContain("ghcr.io");
    }

    @Test
    void nothingOfAnAnswerThatCannotBeReadIsTold() {
        Secret broken = secret("a", CONFIG);
        broken.setData(java.util.Map.of(".dockerconfigjson", "c2VzYW1l***"));
        server.answer(request -> request.getPath().equals(SECRETS + "a")
                ? ApiServer.found(broken)
                : request.getPath().equals(SECRETS + "b")
                        ? new io.fabric8.mockwebserver.http.MockResponse()
                                .setResponseCode(200)
                                .setBody("{\"kind\":\"Secret\",\"data\":\"c2VzYW1l\"")
                        : null);
        assertThat(find(pod("a", "b")).problems())
                .containsExactly(
                        "Secret shop/a could not be read: the API server's answer is no Secret",
                        "Secret shop/b could not be read: the API server's answer is no Secret");
    }

    @Test
    void whatWasKnownAnswersForAnHourWhileTheApiServerIsAway() {
        server.write(secret("a", CONFIG));
        assertThat(names(find(pod("a")))).containsExactly("a");
        AtomicBoolean away = new AtomicBoolean(true);
        server.answer(request -> away.get() ? ApiServer.status(500, "etcd is away") : null);
        clock.addAndGet(TimeUnit.MINUTES.toNanos(58));
        long before = reads("a");
        assertThat(names(find(pod("a")))).containsExactly("a");
        long asked = reads("a");
        assertThat(asked).isGreaterThan(before);
        assertThat(names(find(pod("a")))).containsExactly("a");
        assertThat(reads("a")).as("not asked again at once").isEqualTo(asked);
        clock.addAndGet(TimeUnit.MINUTES.toNanos(3));
        assertThat(find(pod("a")).problems())
                .containsExactly("Secret shop/a could not be read: the API server answered 500: etcd is away");
        away.set(false);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(6));
        assertThat(names(find(pod("a")))).containsExactly("a");
    }

    @Test
    void aSecretThatWasDeletedIsNotRemembered() {
        server.write(secret("a", CONFIG));
        find(pod("a"));
        server.delete(secret("a", CONFIG));
        clock.addAndGet(TimeUnit.MINUTES.toNanos(6));
        assertThat(find(pod("a"))).isEqualTo(new Found(List.of(), List.of("Secret shop/a does not exist")));
    }

    @Test
    void theDeadlineHoldsAndTheReadGoesOn() throws Exception {
        server.answer(request -> request.getPath().equals(SECRETS + "a")
                ? ApiServer.found(secret("a", CONFIG)).setBodyDelay(2, TimeUnit.SECONDS)
                : null);
        assertThat(secrets.find(pod("a"), Deadline.passed()).toCompletableFuture())
                .isCompletedWithValueMatching(found -> found.problems().get(0).contains("in time"));
        assertThat(server.requests()).isEmpty();
        Found late = secrets.find(pod("a"), Deadline.in(Duration.ofMillis(200)))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(late.problems())
                .containsExactly("Secret shop/a could not be read in time: the API server did not answer");
        assertThat(names(find(pod("a")))).containsExactly("a");
        assertThat(reads("a")).isEqualTo(1);
    }

    private long reads(String secret) {
        return server.gets(SECRETS + secret);
    }

    private Found find(PullIdentity identity) {
        try {
            return secrets.find(identity, in(20)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static Deadline in(int seconds) {
        return Deadline.in(Duration.ofSeconds(seconds));
    }

    private static PullIdentity pod(String... secrets) {
        return new PullIdentity("shop", List.of(secrets), "builder");
    }

    private static PullIdentity running(@org.jspecify.annotations.Nullable String name) {
        return new PullIdentity("shop", List.of(), name);
    }

    private static List<String> names(Found found) {
        return found.secrets().stream().map(PullSecret::name).toList();
    }

    private void account(String name, String... secrets) {
        server.write(new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withImagePullSecrets(Stream.concat(Arrays.stream(secrets), Stream.of(""))
                        .map(LocalObjectReference::new)
                        .toList())
                .build());
    }

    private static Secret secret(String name, String config) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withType("kubernetes.io/dockerconfigjson")
                .addToData(".dockerconfigjson", base64(config))
                .build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
