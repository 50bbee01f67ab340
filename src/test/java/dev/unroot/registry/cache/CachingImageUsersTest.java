package dev.unroot.registry.cache;

import static dev.unroot.registry.remote.TestRegistry.OCI_INDEX;
import static dev.unroot.registry.remote.TestRegistry.OCI_MANIFEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.TestImage;
import dev.unroot.registry.TestImages;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.remote.RemoteRegistry;
import dev.unroot.registry.remote.TestRegistry;
import dev.unroot.registry.remote.TestRemoteOptions;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a registry, request by request. */
class CachingImageUsersTest {
    private static final Duration GENEROUS = Duration.ofSeconds(60);
    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final PullIdentity TEAM = new PullIdentity("team", List.of("secret"), "default");

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> outcomes = new ArrayList<>();
    private Vertx vertx;
    private TestRegistry registry;
    private RemoteRegistry remote;
    private CachingImageUsers users;

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
        users = users(Changed.of(CacheOptions.DEFAULT, "maxImages", 100, "timeout", Duration.ofSeconds(20)));
    }

    private CachingImageUsers users(CacheOptions options) {
        LookupListener listener = new LookupListener() {
            @Override
            public synchronized void answeredFromMemory() {
                outcomes.add("memory");
            }

            @Override
            public synchronized void lookedUp(String outcome) {
                outcomes.add(outcome);
            }
        };
        return new CachingImageUsers(
                remote, new ImageReader(remote, Limits.DEFAULT), Detail.USER, options, nanos::get, listener);
    }

    @AfterEach
    void stop() throws Exception {
        users.close();
        remote.close();
        registry.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private ImageQuery query(String image, PullIdentity identity) {
        return new ImageQuery(ImageReference.parse(registry.host() + "/" + image), List.of(AMD64), identity);
    }

    private ImageFacts find(String image) {
        return get(users.find(query(image, PullIdentity.NONE), Deadline.in(GENEROUS)));
    }

    private ImageFacts.Known known(String image) {
        ImageFacts facts = find(image);
        assertThat(facts).isInstanceOf(ImageFacts.Known.class);
        return (ImageFacts.Known) facts;
    }

    private UnknownCause unknown(String image) {
        ImageFacts facts = find(image);
        assertThat(facts).isInstanceOf(ImageFacts.Unknown.class);
        return ((ImageFacts.Unknown) facts).cause();
    }

    private static ImageFacts get(CompletionStage<ImageFacts> stage) {
        return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static void answer(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end();
    }

    @Test
    void aColdImageCostsItsManifestAndItsConfigurationAndASecondPodNothing() {
        Digest digest = registry.image("app", "1", "1000");

        ImageFacts.Known first = known("app:1");
        assertThat(first.confidence()).isEqualTo(Confidence.TAG);
        assertThat(first.digest()).isEqualTo(digest.toString());
        assertThat(first.users().get(0).user().uid()).isEqualTo(1000L);
        assertThat(registry.requests()).hasSize(2).first().isEqualTo("GET /v2/app/manifests/1");

        CompletionStage<ImageFacts> second = users.find(query("app:1", TEAM), Deadline.passed());
        assertThat(second.toCompletableFuture()).isCompletedWithValue(first);
        assertThat(registry.requests()).hasSize(2);
        assertThat(outcomes).containsExactly("known", "memory");
    }

    @Test
    void anIndexCostsOneMore() {
        byte[] manifest = registry.imageManifest("1000");
        Digest digest = registry.manifest("app", "amd64", OCI_MANIFEST, manifest);
        String index = "{\"schemaVersion\":2,\"mediaType\":\"" + OCI_INDEX + "\",\"manifests\":[{\"mediaType\":\""
                + OCI_MANIFEST + "\",\"digest\":\"" + digest + "\",\"size\":" + manifest.length
                + ",\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}}]}";
        registry.manifest("app", "1", OCI_INDEX, index.getBytes(StandardCharsets.UTF_8));

        known("app:1");
        assertThat(registry.requests())
                .hasSize(3)
                .startsWith("GET /v2/app/manifests/1", "GET /v2/app/manifests/" + digest);
    }

    @Test
    void aTagIsRefreshedByOneHead() {
        registry.image("app", "1", "1000");
        known("app:1");
        registry.forgetRequests();

        pass(Duration.ofMinutes(3));
        known("app:1");
        assertThat(registry.requests()).isEmpty();
        pass(Duration.ofMinutes(3));
        assertThat(known("app:1").confidence()).isEqualTo(Confidence.TAG);
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1");
        known("app:1");
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void aTagThatMovedIsReadAnewAndOneThatMovedBackIsNot() {
        registry.image("app", "1", "1000");
        known("app:1");
        registry.forgetRequests();
        registry.image("app", "1", "2000");

        pass(Duration.ofMinutes(6));
        assertThat(known("app:1").users().get(0).user().uid()).isEqualTo(2000L);
        assertThat(registry.requests()).hasSize(3).startsWith("HEAD /v2/app/manifests/1", "GET /v2/app/manifests/1");

        registry.image("app", "1", "1000");
        registry.forgetRequests();
        pass(Duration.ofMinutes(6));
        assertThat(known("app:1").users().get(0).user().uid()).isEqualTo(1000L);
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1");
    }

    private void fails(String image, int status) {
        for (String method : List.of("HEAD", "GET")) {
            registry.script(method + " /v2/" + image + "/manifests/1", request -> answer(request, status));
        }
    }

    @Test
    void theLastAnswerStandsInForARegistryThatFails() {
        registry.image("app", "1", "1000");
        known("app:1");
        fails("app", 503);
        registry.forgetRequests();

        pass(Duration.ofMinutes(6));
        assertThat(known("app:1").confidence()).isEqualTo(Confidence.STALE);
        assertThat(known("app:1").confidence()).isEqualTo(Confidence.STALE);
        assertThat(registry.requests()).containsExactly("HEAD /v2/app/manifests/1", "GET /v2/app/manifests/1");
        assertThat(outcomes).containsExactly("known", "stale", "memory");

        pass(Duration.ofSeconds(11));
        assertThat(known("app:1").confidence()).isEqualTo(Confidence.STALE);
        assertThat(registry.requests()).hasSize(4);
        Instant told = Instant.now().minusNanos(nanos.get());
        assertThat(known("app:1").heard()).isBetween(told.minusSeconds(60), told.plusSeconds(1));

        // Nobody has told the digest for a day.
        pass(Duration.ofHours(24));
        assertThat(unknown("app:1")).isEqualTo(UnknownCause.UNREACHABLE);
    }

    @Test
    void whoWantsNoOldAnswersStillHasFreshOnes() {
        registry.image("app", "1", "1000");
        Digest digest = registry.image("app", "2", "1000");
        try (CachingImageUsers strict = users(Changed.of(
                CacheOptions.DEFAULT,
                "maxImages",
                100,
                "staleIfError",
                Duration.ZERO,
                "timeout",
                Duration.ofSeconds(20)))) {
            for (String image : List.of("app:1", "app@" + digest)) {
                ImageQuery query = query(image, PullIdentity.NONE);
                assertThat(get(strict.find(query, Deadline.in(GENEROUS)))).isInstanceOf(ImageFacts.Known.class);
                registry.forgetRequests();
                assertThat(get(strict.find(query, Deadline.in(GENEROUS)))).isInstanceOf(ImageFacts.Known.class);
                assertThat(registry.requests()).as(image).isEmpty();
            }
            pass(Duration.ofMinutes(6));
            fails("app", 503);
            assertThat(get(strict.find(query("app:1", PullIdentity.NONE), Deadline.in(GENEROUS))))
                    .isInstanceOf(ImageFacts.Unknown.class);
        }
    }

    @Test
    void recoversWithTheRegistry() {
        registry.image("app", "1", "1000");
        known("app:1");
        fails("app", 503);
        pass(Duration.ofMinutes(6));
        assertThat(known("app:1").confidence()).isEqualTo(Confidence.STALE);

        registry.script(
                "HEAD /v2/app/manifests/1",
                request -> request.response()
                        .putHeader(
                                "Docker-Content-Digest",
                                registry.image("app", "1", "1000").toString())
                        .end());
        pass(Duration.ofSeconds(11));
        assertThat(known("app:1").confidence()).isEqualTo(Confidence.TAG);
    }

    /** Whatever HEAD fails by: a tag that has moved is seen to have moved, and one that has not goes on answering. */
    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 410, 418, 429, 500, 501, 502, 503, 504})
    void whereHeadIsRefusedGetDecides(int status) {
        registry.image("app", "1", "1000");
        registry.image("moved", "1", "1000");
        known("app:1");
        known("moved:1");
        registry.image("moved", "1", "0");
        for (String image : List.of("app", "moved")) {
            registry.script("HEAD /v2/" + image + "/manifests/1", request -> answer(request, status));
        }

        pass(Duration.ofMinutes(6));
        assertThat(known("moved:1").users().get(0).user().uid()).isEqualTo(0L);
        assertThat(known("moved:1").confidence()).isEqualTo(Confidence.TAG);
        for (int i = 0; i < 3; i++) {
            assertThat(known("app:1").users().get(0).user().uid()).isEqualTo(1000L);
            assertThat(known("app:1").confidence()).isEqualTo(Confidence.TAG);
            pass(Duration.ofMinutes(6));
        }
    }

    @Test
    void whereHeadIsSilentOrBrokenOffGetDecides() {
        for (String image : List.of("silent", "broken")) {
            registry.image(image, "1", "1000");
            known(image + ":1");
            registry.image(image, "1", "0");
        }
        registry.script("HEAD /v2/silent/manifests/1", request -> {});
        registry.script(
                "HEAD /v2/broken/manifests/1", request -> request.connection().close());

        pass(Duration.ofMinutes(6));
        for (String image : List.of("silent", "broken")) {
            assertThat(known(image + ":1").users().get(0).user().uid())
                    .as(image)
                    .isEqualTo(0L);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 400, 402, 418, 451, 501})
    void aRegistryThatAnswersIsNotDown(int status) {
        registry.image("app", "1", "1000");
        known("app:1");
        fails("app", status);
        pass(Duration.ofMinutes(6));
        assertThat(unknown("app:1")).isEqualTo(UnknownCause.UNREACHABLE);
        assertThat(unknown("app:1")).as("nor from memory").isEqualTo(UnknownCause.UNREACHABLE);
        pass(Duration.ofMinutes(6));
        ImageFacts late = get(users.find(query("app:1", PullIdentity.NONE), Deadline.passed()));
        assertThat(late).isInstanceOf(ImageFacts.Unknown.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504, 522})
    void aRegistryThatIsAwayIsStoodInFor(int status) {
        registry.image("app", "1", "1000");
        known("app:1");
        fails("app", status);
        pass(Duration.ofMinutes(6));
        assertThat(known("app:1").confidence()).isEqualTo(Confidence.STALE);
    }

    @Test
    void anAnswerThatThereIsNoSuchImageIsNotReplacedByAnOlderOne() {
        for (int status : new int[] {404, 401}) {
            String image = "app" + status;
            registry.image(image, "1", "1000");
            known(image + ":1");
            fails(image, status);

            pass(Duration.ofMinutes(6));
            UnknownCause cause = status == 404 ? UnknownCause.NOT_FOUND : UnknownCause.UNAUTHORIZED;
            assertThat(unknown(image + ":1")).isEqualTo(cause);
            pass(Duration.ofMinutes(1));
            ImageFacts late = get(users.find(query(image + ":1", PullIdentity.NONE), Deadline.passed()));
            assertThat(late).isInstanceOf(ImageFacts.Unknown.class);
        }
    }

    @Test
    void aTagThatMovedToWhatCannotBeReadIsNotAnsweredWithWhatItWas() {
        registry.image("app", "1", "1000");
        known("app:1");
        Digest moved = registry.image("app", "1", "0");
        for (String path : List.of("1", moved.toString())) {
            registry.script("GET /v2/app/manifests/" + path, request -> answer(request, 503));
        }

        pass(Duration.ofMinutes(6));
        assertThat(unknown("app:1")).isEqualTo(UnknownCause.UNREACHABLE);
        assertThat(unknown("app:1")).isEqualTo(UnknownCause.UNREACHABLE);
    }

    @Test
    void aFailureIsRememberedForAWhile() {
        assertThat(unknown("app:1")).isEqualTo(UnknownCause.NOT_FOUND);
        assertThat(unknown("app:1")).isEqualTo(UnknownCause.NOT_FOUND);
        assertThat(registry.requests()).hasSize(1);
        assertThat(outcomes).containsExactly("notFound", "memory");

        registry.image("app", "1", "1000");
        pass(Duration.ofSeconds(31));
        known("app:1");
    }

    @Test
    void aDigestIsAskedAboutOnceAndElsewhereConfirmedByAHead() {
        Digest digest = registry.image("app", "1", "1000");
        registry.image("mirror", "1", "1000");

        assertThat(known("app@" + digest).confidence()).isEqualTo(Confidence.DIGEST);
        pass(Duration.ofHours(12));
        assertThat(known("app@" + digest).confidence()).isEqualTo(Confidence.DIGEST);
        assertThat(registry.requests()).hasSize(2);

        known("mirror@" + digest);
        assertThat(registry.requests()).hasSize(3).last().isEqualTo("HEAD /v2/mirror/manifests/" + digest);
        assertThat(unknown("unrelated@" + digest)).isEqualTo(UnknownCause.NOT_FOUND);
    }

    @Test
    void twoHundredPodsWithOneNewImageCostAsMuchAsOne() {
        registry.image("app", "1", "1000");
        List<CompletionStage<ImageFacts>> answers = new ArrayList<>();
        CompletableFuture<Void> allAsked = new CompletableFuture<>();
        byte[] manifest = registry.imageManifest("1000");
        registry.script(
                "GET /v2/app/manifests/1",
                request -> allAsked.thenRun(() -> request.response()
                        .putHeader("Content-Type", OCI_MANIFEST)
                        .end(io.vertx.core.buffer.Buffer.buffer(manifest))));
        for (int i = 0; i < 200; i++) {
            PullIdentity pod = new PullIdentity("namespace-" + i, List.of(), "default");
            answers.add(users.find(query("app:1", pod), Deadline.in(GENEROUS)));
        }
        allAsked.complete(null);

        for (CompletionStage<ImageFacts> answer : answers) {
            assertThat(get(answer)).isInstanceOf(ImageFacts.Known.class);
        }
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void aCallerThatCannotWaitDoesNotStopTheLookup() {
        registry.image("app", "1", "1000");
        CompletableFuture<Void> given = new CompletableFuture<>();
        byte[] manifest = registry.imageManifest("1000");
        registry.script(
                "GET /v2/app/manifests/1",
                request -> given.thenRun(() -> request.response()
                        .putHeader("Content-Type", OCI_MANIFEST)
                        .end(io.vertx.core.buffer.Buffer.buffer(manifest))));

        CompletionStage<ImageFacts> patient = users.find(query("app:1", TEAM), Deadline.in(GENEROUS));
        ImageFacts hasty = get(users.find(query("app:1", TEAM), Deadline.in(Duration.ofMillis(50))));
        assertThat(hasty)
                .isEqualTo(new ImageFacts.Unknown(
                        UnknownCause.TIMEOUT,
                        "registry %1$s did not answer in time for %1$s/app:1".formatted(registry.host())));
        given.complete(null);
        assertThat(get(patient)).isInstanceOf(ImageFacts.Known.class);
        assertThat(get(users.find(query("app:1", TEAM), Deadline.passed()))).isInstanceOf(ImageFacts.Known.class);
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void theLookupEndsByItsOwnTimeout() {
        registry.script("GET /v2/app/manifests/1", request -> {});
        try (CachingImageUsers impatient =
                users(Changed.of(CacheOptions.DEFAULT, "maxImages", 100, "timeout", Duration.ofMillis(200)))) {
            ImageFacts facts = get(impatient.find(query("app:1", TEAM), Deadline.in(GENEROUS)));
            assertThat(((ImageFacts.Unknown) facts).cause()).isEqualTo(UnknownCause.TIMEOUT);
        }
    }

    @Test
    void aDeadlineThatIsOverAsksNobody() {
        registry.image("app", "1", "1000");
        CompletionStage<ImageFacts> cold = users.find(query("app:1", TEAM), Deadline.passed());
        assertThat(cold.toCompletableFuture()).isCompleted();
        assertThat(((ImageFacts.Unknown) get(cold)).cause()).isEqualTo(UnknownCause.TIMEOUT);
        assertThat(registry.requests()).isEmpty();

        known("app:1");
        pass(Duration.ofMinutes(6));
        ImageFacts late = get(users.find(query("app:1", TEAM), Deadline.passed()));
        assertThat(((ImageFacts.Known) late).confidence()).isEqualTo(Confidence.STALE);
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void lookupsThatFindNoPlaceInLineSaySo() {
        registry.script("GET /v2/slow/manifests/1", request -> {});
        try (CachingImageUsers narrow = users(Changed.of(
                CacheOptions.DEFAULT,
                "maxImages",
                100,
                "timeout",
                Duration.ofSeconds(20),
                "lookups",
                1,
                "lookupsPerRegistry",
                1,
                "waiting",
                0))) {
            CompletableFuture<ImageFacts> first =
                    narrow.find(query("slow:1", TEAM), Deadline.in(GENEROUS)).toCompletableFuture();
            assertThat(get(narrow.find(query("app:1", TEAM), Deadline.in(GENEROUS))))
                    .isEqualTo(new ImageFacts.Unknown(
                            UnknownCause.TIMEOUT,
                            "registry %1$s was not asked, since too many lookups are waiting, for %1$s/app:1"
                                    .formatted(registry.host())));
            assertThat(first).isNotDone();
        }
    }

    @Test
    void anotherPlatformIsReadByTheDigestThatIsKnown() {
        Digest digest = registry.image("app", "1", "1000");
        known("app:1");
        registry.forgetRequests();

        ImageQuery other = new ImageQuery(
                ImageReference.parse(registry.host() + "/app:1"),
                List.of(AMD64, Platform.parse("linux/arm64")),
                PullIdentity.NONE);
        get(users.find(other, Deadline.in(GENEROUS)));
        assertThat(registry.requests()).first().isEqualTo("GET /v2/app/manifests/" + digest);
        known("app:1");
        assertThat(registry.requests()).hasSize(2);
    }

    /** Else whoever asks for one platform after the other would never hear that a tag has moved. */
    @Test
    void whatIsReadByTheDigestSaysNothingOfItsTag() {
        registry.image("app", "1", "1000");
        known("app:1");
        pass(Duration.ofMinutes(3));
        ImageQuery other = new ImageQuery(
                ImageReference.parse(registry.host() + "/app:1"),
                List.of(AMD64, Platform.parse("linux/arm64")),
                PullIdentity.NONE);
        assertThat(get(users.find(other, Deadline.in(GENEROUS)))).isInstanceOf(ImageFacts.Known.class);

        registry.image("app", "1", "0");
        registry.forgetRequests();
        pass(Duration.ofMinutes(3));
        assertThat(known("app:1").users().get(0).user().uid()).isZero();
        assertThat(registry.requests()).first().isEqualTo("HEAD /v2/app/manifests/1");
    }

    /** A path that is asked for and never answered. */
    private Unanswered unanswered(String path) {
        Unanswered request = new Unanswered(new CompletableFuture<>(), new CompletableFuture<>());
        registry.script("GET " + path, asked -> {
            asked.connection().closeHandler(closed -> request.hungUp.complete(null));
            request.asked.complete(null);
        });
        return request;
    }

    private record Unanswered(CompletableFuture<Void> asked, CompletableFuture<Void> hungUp) {
        static void await(CompletableFuture<Void> event) {
            event.orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    private CachingImageUsers oneAtATime() {
        return users(Changed.of(
                CacheOptions.DEFAULT,
                "maxImages",
                100,
                "timeout",
                Duration.ofMinutes(2),
                "lookups",
                1,
                "lookupsPerRegistry",
                1,
                "waiting",
                10));
    }

    @Test
    void cancellingTheLastWhoWaitsEndsItsRequest() {
        Unanswered request = unanswered("/v2/app/manifests/1");
        registry.image("other", "1", "1000");
        try (CachingImageUsers narrow = oneAtATime()) {
            Deadline first = Deadline.in(GENEROUS);
            Deadline second = Deadline.in(GENEROUS);
            CompletableFuture<ImageFacts> one =
                    narrow.find(query("app:1", TEAM), first).toCompletableFuture();
            CompletableFuture<ImageFacts> two =
                    narrow.find(query("app:1", TEAM), second).toCompletableFuture();
            Unanswered.await(request.asked);

            first.cancel();
            assertThat(((ImageFacts.Unknown) one.getNow(null)).cause()).isEqualTo(UnknownCause.TIMEOUT);
            assertThat(request.hungUp).isNotDone();
            second.cancel();
            assertThat(two).isDone();
            Unanswered.await(request.hungUp);

            // Its thread and its place are free again, and nothing is held against the image.
            assertThat(get(narrow.find(query("other:1", TEAM), Deadline.in(GENEROUS))))
                    .isInstanceOf(ImageFacts.Known.class);
            byte[] manifest = registry.imageManifest("1000");
            registry.script(
                    "GET /v2/app/manifests/1",
                    asked -> asked.response().end(io.vertx.core.buffer.Buffer.buffer(manifest)));
            assertThat(get(narrow.find(query("app:1", TEAM), Deadline.in(GENEROUS))))
                    .isInstanceOf(ImageFacts.Known.class);
        }
    }

    @Test
    void cancellingEndsALayerThatIsBeingRead() {
        TestImages images = new TestImages();
        images.add(registry.host() + "/app:1", new TestImage().user("app").passwd("app:x:1000:1000::/:/bin/sh\n"));
        registry.images(images);
        String layer = images.blobs().keySet().stream()
                .filter(digest -> images.blob(digest)[0] != '{')
                .findFirst()
                .orElseThrow();
        Unanswered request = unanswered("/v2/app/blobs/" + layer);
        Deadline deadline = Deadline.in(GENEROUS);
        CompletableFuture<ImageFacts> answer =
                users.find(query("app:1", TEAM), deadline).toCompletableFuture();
        Unanswered.await(request.asked);
        deadline.cancel();
        assertThat(answer).isDone();
        Unanswered.await(request.hungUp);
    }

    @Test
    void aLookupThatNobodyHadTimeForIsThereForWhoeverComesBack() {
        registry.image("app", "1", "1000");
        CompletableFuture<Void> given = new CompletableFuture<>();
        byte[] manifest = registry.imageManifest("1000");
        registry.script(
                "GET /v2/app/manifests/1",
                request -> given.thenRun(() -> request.response()
                        .putHeader("Content-Type", OCI_MANIFEST)
                        .end(io.vertx.core.buffer.Buffer.buffer(manifest))));

        ImageFacts hasty = get(users.find(query("app:1", TEAM), Deadline.in(Duration.ofMillis(50))));
        assertThat(hasty).isInstanceOf(ImageFacts.Unknown.class);
        CompletionStage<ImageFacts> again = users.find(query("app:1", TEAM), Deadline.in(GENEROUS));
        given.complete(null);
        assertThat(get(again)).isInstanceOf(ImageFacts.Known.class);
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void aLookupThatNobodyWaitsForGivesWay() {
        Unanswered request = unanswered("/v2/app/manifests/1");
        registry.image("other", "1", "1000");
        try (CachingImageUsers narrow = oneAtATime()) {
            get(narrow.find(query("app:1", TEAM), Deadline.in(Duration.ofMillis(50))));
            Unanswered.await(request.asked);
            assertThat(request.hungUp).isNotDone();
            assertThat(get(narrow.find(query("other:1", TEAM), Deadline.in(GENEROUS))))
                    .isInstanceOf(ImageFacts.Known.class);
            Unanswered.await(request.hungUp);
        }
    }
}
