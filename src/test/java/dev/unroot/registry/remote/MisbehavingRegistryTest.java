package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.QuietListener;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All that a registry can do to those who ask it, by way of the whole lookup: each ends in its cause, and none as a user
 * that is not root. That memory stays bounded is HostileMemoryTest's.
 */
@Timeout(300)
class MisbehavingRegistryTest extends RegistryTestBase {
    /** Smaller than the defaults where only time would be spent on reaching them. */
    private static final Limits LIMITS =
            Changed.of(Limits.DEFAULT, "layerBytes", 32L << 20, "inflatedBytes", 300L << 20);

    private final AtomicLong nanos = new AtomicLong();
    private TestRegistry registry;
    private Misbehaviour misbehaviour;

    @BeforeEach
    void start() {
        registry = http();
        misbehaviour = new Misbehaviour(registry);
    }

    private CachingImageUsers users(RemoteOptions options, Duration timeout) {
        RemoteRegistry remote = client(
                TestRemoteOptions.from(options).with(LIMITS).with(nanos::get).build());
        return closing(new CachingImageUsers(
                remote,
                new ImageReader(remote, LIMITS),
                Detail.USER,
                Changed.of(CacheOptions.DEFAULT, "maxImages", 1_000, "timeout", timeout),
                nanos::get,
                new QuietListener()));
    }

    private CachingImageUsers users() {
        return users(
                TestRemoteOptions.of(TrustZone.UNTRUSTED).with(plain(registry)).build(), Duration.ofSeconds(250));
    }

    private static CompletionStage<ImageFacts> find(CachingImageUsers users, String image) {
        ImageQuery query =
                new ImageQuery(ImageReference.parse(image), List.of(Platform.parse("linux/amd64")), PullIdentity.NONE);
        return users.find(query, Deadline.in(Duration.ofSeconds(260)));
    }

    private static ImageFacts answer(CachingImageUsers users, String image) {
        return find(users, image)
                .toCompletableFuture()
                .orTimeout(260, TimeUnit.SECONDS)
                .join();
    }

    private static UnknownCause cause(CachingImageUsers users, String image) {
        ImageFacts facts = answer(users, image);
        assertThat(facts).isInstanceOf(ImageFacts.Unknown.class);
        return ((ImageFacts.Unknown) facts).cause();
    }

    private UnknownCause cause() {
        return cause(users(), app());
    }

    private String app() {
        return registry.host() + "/app:1";
    }

    @Test
    void a401LoopEnds() {
        misbehaviour.neverLetsIn("app");
        assertThat(cause()).isEqualTo(UnknownCause.UNAUTHORIZED);
        assertThat(registry.requests())
                .containsExactly("GET /v2/app/manifests/1", "GET /token", "GET /v2/app/manifests/1");
    }

    @Test
    void aWrongRealm() {
        misbehaviour.realm("app", "not an address");
        assertThat(cause()).isEqualTo(UnknownCause.MALFORMED);
        misbehaviour.realm("app", "http://auth.example/token");
        assertThat(cause()).isEqualTo(UnknownCause.REFUSED_ADDRESS);
        misbehaviour.realm("app", "http://" + registry.host() + "/nothing-here");
        assertThat(cause()).isEqualTo(UnknownCause.UNREACHABLE);
    }

    @Test
    void aRealmAtTheMetadataService() {
        misbehaviour.realm("app", "https://169.254.169.254/latest/meta-data");
        assertThat(cause()).isEqualTo(UnknownCause.REFUSED_ADDRESS);
    }

    @Test
    void aRedirectToLoopback() {
        TestRegistry inside = http();
        misbehaviour.redirects("app", "https://127.0.0.1:" + inside.port() + "/admin");
        assertThat(cause()).isEqualTo(UnknownCause.REFUSED_ADDRESS);
        misbehaviour.redirects("app", "http://127.0.0.1:" + inside.port() + "/admin");
        assertThat(cause()).isEqualTo(UnknownCause.REFUSED_ADDRESS);
        assertThat(inside.requests()).isEmpty();
    }

    @Test
    void aNameThatResolvesToAPrivateAddress() {
        CachingImageUsers users = users(
                TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with((HostResolver) host -> new InetAddress[] {InetAddress.getByName("10.0.0.1")})
                        .build(),
                GENEROUS);
        assertThat(cause(users, "registry.example/app:1")).isEqualTo(UnknownCause.REFUSED_ADDRESS);
    }

    @Test
    void aNameThatChangesBetweenTheRequestsOfOneLookup() {
        registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        AtomicInteger calls = new AtomicInteger();
        CachingImageUsers users = users(
                TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with(List.of(TestRegistryOptions.of(host)
                                .withPlainHttp()
                                .withAllowPrivate()
                                .build()))
                        .with((HostResolver) name -> new InetAddress[] {
                            InetAddress.getByName(calls.incrementAndGet() == 1 ? "127.0.0.1" : "169.254.169.254")
                        })
                        .build(),
                GENEROUS);
        assertThat(cause(users, host + "/app:1")).isEqualTo(UnknownCause.REFUSED_ADDRESS);
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void aSlowDrip() {
        misbehaviour.drippingManifest("manifest");
        misbehaviour.drippingLayer("layer");
        CachingImageUsers users = users(
                TestRemoteOptions.of(TrustZone.UNTRUSTED).with(plain(registry)).build(), Duration.ofSeconds(1));
        assertThat(cause(users, registry.host() + "/manifest:1")).isEqualTo(UnknownCause.TIMEOUT);
        assertThat(cause(users, registry.host() + "/layer:1")).isEqualTo(UnknownCause.TIMEOUT);
    }

    /** As many layers trickle in as one registry may have lookups; there are fewer processors than that. */
    @Test
    void layersThatTrickleInHoldUpNobodyElsesUnpacking() {
        TestRegistry other = http();
        CachingImageUsers users = users(
                TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with(plain(registry, other))
                        .build(),
                Duration.ofSeconds(250));
        List<CompletionStage<ImageFacts>> trickling = new ArrayList<>();
        for (int i = 0; i < CacheOptions.DEFAULT.lookupsPerRegistry(); i++) {
            misbehaviour.drippingLayer("layer-" + i);
            trickling.add(find(users, registry.host() + "/layer-" + i + ":1"));
        }
        new Misbehaviour(other).largePasswd("app");
        assertThat(answer(users, other.host() + "/app:1")).isInstanceOf(ImageFacts.Known.class);
        assertThat(trickling)
                .allSatisfy(stage -> assertThat(stage.toCompletableFuture()).isNotDone());
    }

    @Test
    void anEndlessBody() {
        misbehaviour.endlessManifest("manifest");
        misbehaviour.endlessConfiguration("configuration");
        misbehaviour.endlessLayer("layer");
        CachingImageUsers users = users();
        for (String image : List.of("manifest", "configuration", "layer")) {
            assertThat(cause(users, registry.host() + "/" + image + ":1"))
                    .as(image)
                    .isEqualTo(UnknownCause.TOO_LARGE);
        }
    }

    @Test
    void aGzipBomb() {
        misbehaviour.gzipBomb("app");
        assertThat(cause()).isEqualTo(UnknownCause.TOO_LARGE);
    }

    @Test
    void aMillionTarEntries() {
        misbehaviour.millionEntries("app");
        assertThat(cause()).isEqualTo(UnknownCause.TOO_LARGE);
    }

    @Test
    void documentsOfNothingButKeysAndLists() {
        misbehaviour.hugeManifest("manifest");
        misbehaviour.hugeConfiguration("configuration");
        CachingImageUsers users = users();
        assertThat(cause(users, registry.host() + "/manifest:1")).isEqualTo(UnknownCause.MALFORMED);
        assertThat(cause(users, registry.host() + "/configuration:1")).isEqualTo(UnknownCause.MALFORMED);
    }

    @Test
    void aWrongDigest() {
        misbehaviour.wrongManifestDigest("manifest");
        misbehaviour.wrongConfiguration("configuration");
        misbehaviour.wrongLayer("layer");
        CachingImageUsers users = users();
        for (String image : List.of("manifest", "configuration", "layer")) {
            assertThat(cause(users, registry.host() + "/" + image + ":1"))
                    .as(image)
                    .isEqualTo(UnknownCause.MALFORMED);
        }
    }

    /** As it was when nothing was known: what is got is read, and nothing else is believed. */
    @Test
    void aHeadThatTellsAnotherDigestThanGet() {
        registry.image("app", "1", "1000");
        CachingImageUsers users = users();
        assertThat(answer(users, app())).isInstanceOf(ImageFacts.Known.class);
        registry.image("app", "1", "0");
        misbehaviour.headIsNotGet("app");
        nanos.addAndGet(Duration.ofMinutes(6).toNanos());
        ImageFacts.Known known = (ImageFacts.Known) answer(users, app());
        assertThat(known.users().get(0).user().uid()).isEqualTo(0L);
    }

    @Test
    void aStormOf429() {
        CachingImageUsers users = users();
        misbehaviour.tooManyRequests("app");
        assertThat(cause(users, app())).isEqualTo(UnknownCause.RATE_LIMITED);
        List<CompletionStage<ImageFacts>> storm = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            storm.add(find(users, registry.host() + "/app-" + i + ":1"));
        }
        for (CompletionStage<ImageFacts> stage : storm) {
            assertThat(((ImageFacts.Unknown) get(stage)).cause()).isEqualTo(UnknownCause.RATE_LIMITED);
        }
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void aTruncatedBody() {
        misbehaviour.truncated("app");
        assertThat(cause()).isEqualTo(UnknownCause.UNREACHABLE);
    }

    @Test
    void aConnectionThatIsClosedOrReset() throws IOException {
        misbehaviour.hangsUp("app");
        assertThat(cause()).isEqualTo(UnknownCause.UNREACHABLE);

        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread resetting = new Thread(() -> resetAll(server));
            resetting.setDaemon(true);
            resetting.start();
            String host = "127.0.0.1:" + server.getLocalPort();
            CachingImageUsers users = users(
                    TestRemoteOptions.of(TrustZone.UNTRUSTED)
                            .with(List.of(TestRegistryOptions.of(host)
                                    .withPlainHttp()
                                    .withAllowPrivate()
                                    .build()))
                            .build(),
                    GENEROUS);
            assertThat(cause(users, host + "/app:1")).isEqualTo(UnknownCause.UNREACHABLE);
        }
    }

    private static void resetAll(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                assertThat(socket.getInputStream().read()).isNotNegative();
                socket.setSoLinger(true, 0);
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Test
    void tlsWithTheWrongName(@TempDir Path folder) {
        TestCertificate certificate = TestCertificate.of("registry.test");
        TestRegistry secure = closing(TestRegistry.https(vertx, certificate));
        secure.image("app", "1", "1000");
        String host = secure.host("other.test");
        CachingImageUsers users = users(
                TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with(List.of(TestRegistryOptions.of(host)
                                .withAllowPrivate()
                                .withCaFile(certificate.authorityIn(folder))
                                .build()))
                        .with((HostResolver) name -> new InetAddress[] {InetAddress.getByName("127.0.0.1")})
                        .build(),
                GENEROUS);
        assertThat(cause(users, host + "/app:1")).isEqualTo(UnknownCause.TLS);
        assertThat(secure.requests()).isEmpty();
    }

    @Test
    void aCyclicIndex() {
        misbehaviour.cyclicIndex("cyclic");
        misbehaviour.deepIndex("deep", LIMITS.indexDepth() + 2);
        CachingImageUsers users = users();
        assertThat(cause(users, registry.host() + "/cyclic:1")).isEqualTo(UnknownCause.MALFORMED);
        assertThat(cause(users, registry.host() + "/deep:1")).isEqualTo(UnknownCause.TOO_LARGE);
    }
}
