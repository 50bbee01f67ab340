package dev.unroot.registry;

import static dev.unroot.registry.remote.TestRegistry.OCI_INDEX;
import static dev.unroot.registry.remote.TestRegistry.OCI_MANIFEST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.SubjectReader;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.QuietListener;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.remote.RemoteRegistry;
import dev.unroot.registry.remote.TestRegistry;
import dev.unroot.registry.remote.TestRemoteOptions;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.AdmissionRequest;
import dev.unroot.review.Decision;
import dev.unroot.review.Exemptions;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.Modes;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewListener;
import dev.unroot.review.ReviewSettings;
import dev.unroot.review.Reviewer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pod's admission costs its registry: each request, from the review down to the wire. */
class RequestCountTest {
    private static final TypeMeta POD = new TypeMeta("v1", "Pod");

    private final AtomicLong nanos = new AtomicLong();
    private Vertx vertx;
    private TestRegistry registry;
    private RemoteRegistry remote;
    private CachingImageUsers users;
    private Reviewer reviewer;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        registry = TestRegistry.http(vertx);
        remote = new RemoteRegistry(
                vertx,
                TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with(nanos::get)
                        .with(List.of(TestRegistryOptions.of(registry.host())
                                .withPlainHttp()
                                .withAllowPrivate()
                                .build()))
                        .build());
        users = new CachingImageUsers(
                remote,
                new ImageReader(remote, Limits.DEFAULT),
                Detail.USER,
                Changed.of(CacheOptions.DEFAULT, "maxImages", 1_000, "timeout", Duration.ofSeconds(60)),
                nanos::get,
                new QuietListener());
        JudgeSettings judging = new JudgeSettings(
                PolicyOptions.DEFAULT,
                Exemptions.NONE,
                List.of(Platform.parse("linux/amd64")),
                Duration.ofSeconds(60),
                Map.of(),
                OnUnverified.DENY);
        reviewer = new Reviewer(
                new ReviewSettings(
                        judging,
                        new Modes(Level.NONROOT, Level.NONROOT, Level.NONROOT),
                        Level.NONE,
                        PodTemplates.BUILT_IN,
                        false),
                (namespace, deadline) -> CompletableFuture.completedFuture(Map.of()),
                users,
                ReviewListener.NONE);
    }

    @AfterEach
    void stop() throws Exception {
        users.close();
        remote.close();
        registry.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private CompletableFuture<Decision> begin(String namespace, String securityContext, String image) {
        String pod = "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\""
                + registry.host() + "/" + image + "\",\"securityContext\":" + securityContext + "}]}}";
        try (JsonParser parser = new ObjectMapper().createParser(pod)) {
            parser.nextToken();
            AdmissionRequest request = new AdmissionRequest(
                    POD,
                    "pods",
                    "",
                    namespace,
                    "CREATE",
                    "jane",
                    List.of(),
                    new SubjectReader(PodTemplates.BUILT_IN).read(parser, POD),
                    null,
                    false);
            return reviewer.review(request, Deadline.in(Duration.ofSeconds(60))).toCompletableFuture();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isAllowed(CompletableFuture<Decision> review) {
        return review.orTimeout(90, TimeUnit.SECONDS).join().evaluations().stream()
                .allMatch(evaluation -> evaluation.outcome() == Decision.Outcome.ALLOW);
    }

    private boolean admits(String image) {
        return isAllowed(begin("team", "{}", image));
    }

    private String manifestOf(String user) {
        return new String(registry.imageManifest(user), StandardCharsets.UTF_8);
    }

    private static String configurationIn(String manifest) {
        int digest = manifest.indexOf("sha256:");
        return manifest.substring(digest, digest + 71);
    }

    @Test
    void aPodThatPinsItsUserCostsNothing() {
        registry.image("app", "1", "1000");
        assertThat(isAllowed(begin("team", "{\"runAsUser\":1000}", "app:1"))).isTrue();
        assertThat(isAllowed(begin("team", "{\"runAsUser\":0}", "app:1"))).isFalse();
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void aColdImageCostsManifestAndConfigurationAndTheSecondPodNothing() {
        registry.image("app", "1", "1000");
        assertThat(admits("app:1")).isTrue();
        assertThat(registry.requests())
                .containsExactly("GET /v2/app/manifests/1", "GET /v2/app/blobs/" + configurationIn(manifestOf("1000")));
        assertThat(admits("app:1")).isTrue();
        assertThat(isAllowed(begin("elsewhere", "{}", "app:1"))).isTrue();
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void aNameCostsTheLayersDownToItsPasswd() {
        TestImages images = new TestImages();
        images.add(
                registry.host() + "/app:1",
                new TestImage()
                        .user("app")
                        .layer(new TestLayer().file("srv/below", "not needed"))
                        .passwd("app:x:1000:1000::/:/bin/sh\n")
                        .layer(new TestLayer().file("srv/above", "read first").gzip()));
        registry.images(images);
        assertThat(admits("app:1")).isTrue();
        assertThat(registry.requests())
                .hasSize(4)
                .allMatch(request -> request.startsWith("GET "))
                .doesNotHaveDuplicates();
        assertThat(admits("app:1")).isTrue();
        assertThat(registry.requests()).hasSize(4);
    }

    @Test
    void anIndexCostsOneMore() {
        Digest digest = registry.manifest(
                "app", "amd64", OCI_MANIFEST, manifestOf("1000").getBytes(StandardCharsets.UTF_8));
        String index = "{\"schemaVersion\":2,\"mediaType\":\"" + OCI_INDEX + "\",\"manifests\":[{\"mediaType\":\""
                + OCI_MANIFEST + "\",\"digest\":\"" + digest
                + "\",\"size\":0,\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}}]}";
        registry.manifest("app", "1", OCI_INDEX, index.getBytes(StandardCharsets.UTF_8));
        assertThat(admits("app:1")).isTrue();
        assertThat(registry.requests())
                .containsExactly(
                        "GET /v2/app/manifests/1",
                        "GET /v2/app/manifests/" + digest,
                        "GET /v2/app/blobs/" + configurationIn(manifestOf("1000")));
    }

    @Test
    void aRefreshOfTheTagCostsOneHead() {
        registry.image("app", "1", "1000");
        assertThat(admits("app:1")).isTrue();
        registry.forgetRequests();
        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(admits("app:1")).isTrue();
        assertThat(admits("app:1")).isTrue();
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1");
    }

    private void fails(String method, int status) {
        registry.script(
                method + " /v2/app/manifests/1",
                request -> request.response().setStatusCode(status).end());
    }

    @Test
    void whereHeadIsRefusedARefreshCostsAGetAndSeesATagThatHasMovedToRoot() {
        registry.image("app", "1", "1000");
        assertThat(admits("app:1")).isTrue();
        fails("HEAD", 403);
        registry.forgetRequests();
        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(admits("app:1")).isTrue();
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1", "GET /v2/app/manifests/1");

        registry.image("app", "1", "0");
        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(admits("app:1")).isFalse();
    }

    @Test
    void aPodThatAnOldAnswerLetsInIsToldSinceWhen() {
        Instant began = Instant.now();
        registry.image("app", "1", "1000");
        assertThat(admits("app:1")).isTrue();
        fails("HEAD", 503);
        fails("GET", 503);
        nanos.addAndGet(Duration.ofHours(3).toNanos());
        Decision decision =
                begin("team", "{}", "app:1").orTimeout(90, TimeUnit.SECONDS).join();
        assertThat(decision.allowed()).isTrue();
        String warning = decision.warnings().get(0);
        String before = "container \"a\" is judged by a stale fact: what image " + registry.host()
                + "/app:1 was when its registry last told, at ";
        assertThat(warning).startsWith(before);
        Instant heard = Instant.parse(warning.substring(before.length(), warning.indexOf("Z. ") + 1));
        assertThat(heard.plus(Duration.ofHours(3))).isBetween(began.minusSeconds(1), Instant.now());
        assertThat(decision.auditAnnotations()).containsEntry("stale-images", warning);
    }

    @Test
    void twoHundredPodsAtOnceCostAsMuchAsOne() {
        registry.image("app", "1", "1000");
        byte[] manifest = registry.imageManifest("1000");
        CompletableFuture<Void> allBegun = new CompletableFuture<>();
        registry.script(
                "GET /v2/app/manifests/1",
                request -> allBegun.thenRun(() -> request.response()
                        .putHeader("Content-Type", OCI_MANIFEST)
                        .end(Buffer.buffer(manifest))));
        List<CompletableFuture<Decision>> reviews = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            reviews.add(begin("namespace-" + i, "{}", "app:1"));
        }
        assertThat(reviews).noneMatch(CompletableFuture::isDone);
        allBegun.complete(null);
        assertThat(reviews).allMatch(RequestCountTest::isAllowed);
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void aPodThatTheKubeletGuardsAsksOnceAndIsNeverDeniedForIt() {
        assertThat(isAllowed(begin("team", "{\"runAsNonRoot\":true}", "missing:1")))
                .isTrue();
        assertThat(isAllowed(begin("team", "{\"runAsNonRoot\":true}", "missing:1")))
                .isTrue();
        assertThat(registry.requests()).containsExactly("GET /v2/missing/manifests/1");
    }
}
