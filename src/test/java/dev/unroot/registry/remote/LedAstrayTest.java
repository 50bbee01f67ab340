package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.Eventually;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.AddressGuard;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.Outages;
import dev.unroot.registry.place.RegistryHosts;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.RequestContext;
import dev.unroot.registry.place.RequestListener;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry can send us to another: what comes of that is not held against the other by those who name it themselves. */
class LedAstrayTest extends RegistryTestBase {
    private TestRegistry healthy;
    private TestRegistry hostile;
    private RemoteRegistry client;

    @BeforeEach
    void start() {
        healthy = http();
        healthy.image("app", "1", "1000");
        healthy.script(
                "GET /busy",
                request -> request.response()
                        .setStatusCode(429)
                        .putHeader("Retry-After", "300")
                        .end());
        hostile = http();
        client = clientOf(healthy, hostile);
    }

    private void challengeWith(String realm) {
        hostile.requireToken("Bearer realm=\"http://" + healthy.host() + realm + "\"", "nobody has it");
    }

    private void redirect(String path, String target) {
        hostile.script(
                "GET " + path,
                request -> request.response()
                        .setStatusCode(307)
                        .putHeader("Location", "http://" + healthy.host() + target)
                        .end());
    }

    private LookupException hostileManifest() {
        return failure(client.manifest(pull(hostile.host() + "/app:1"), "1"));
    }

    private void assertHealthy() {
        assertThat(get(client.manifest(pull(healthy.host() + "/app:1"), "1")).bytes())
                .isNotEmpty();
    }

    @Test
    void aRealmThatAnswers429LimitsWhoeverNamedItAlone() {
        challengeWith("/busy");
        assertThat(hostileManifest().why()).isEqualTo(UnknownCause.RATE_LIMITED);
        assertHealthy();

        assertThat(hostileManifest().reason())
                .isEqualTo(
                        "token service %1$s of registry %2$s was not asked for %2$s/app:1: it answered 429 before and"
                                        .formatted(healthy.host(), hostile.host())
                                + " may be asked again in 300 s");
        assertThat(healthy.requests().stream().filter("GET /busy"::equals)).hasSize(1);
    }

    @Test
    void aRedirectToWhatAnswers429LimitsWhoeverRedirectedAlone() {
        redirect("/v2/app/manifests/1", "/busy");
        assertThat(hostileManifest().reason())
                .isEqualTo("host %1$s, where registry %2$s redirected, answered 429 (ask again in 300 s) for %2$s/app:1"
                        .formatted(healthy.host(), hostile.host()));
        assertHealthy();

        assertThat(hostileManifest().why()).isEqualTo(UnknownCause.RATE_LIMITED);
        assertThat(healthy.requests().stream().filter("GET /busy"::equals)).hasSize(1);
    }

    @Test
    void aRealmThatRedirectsToWhatAnswers429LimitsNobodyElse() {
        hostile.requireToken("Bearer realm=\"http://" + hostile.host() + "/token\"", "nobody has it");
        redirect("/token", "/busy");
        assertThat(hostileManifest().why()).isEqualTo(UnknownCause.RATE_LIMITED);
        assertHealthy();
    }

    @Test
    void whereBlobsAreKeptLimitsBlobsAlone() {
        Digest blob = hostile.blob(TestRegistry.bytes("{}"));
        hostile.image("app", "1", "1000");
        redirect("/v2/app/blobs/" + blob, "/busy");
        assertThat(failure(client.blob(pull(hostile.host() + "/app:1"), descriptor(blob, 0)))
                        .why())
                .isEqualTo(UnknownCause.RATE_LIMITED);
        get(client.manifest(pull(hostile.host() + "/app:1"), "1"));
        get(client.digest(pull(hostile.host() + "/app:1")));
        assertHealthy();
    }

    /** As Docker Hub, which counts the one and not the other. */
    @Test
    void manifestsThatAreLimitedCanStillBeConfirmed() {
        Digest digest = hostile.image("app", "1", "1000");
        hostile.script(
                "GET /v2/app/manifests/1",
                request -> request.response().setStatusCode(429).end());
        assertThat(hostileManifest().why()).isEqualTo(UnknownCause.RATE_LIMITED);
        assertThat(get(client.digest(pull(hostile.host() + "/app:1"))).value()).isEqualTo(digest);
    }

    @Test
    void aTokenIsNeitherShownToNorDiscardedByWhoeverNamesItsService() {
        String challenge = "Bearer realm=\"http://%s/token\",service=\"it\",scope=\"repository:app:pull\""
                .formatted(healthy.host());
        healthy.requireToken(challenge, "granted");
        AtomicInteger granted = new AtomicInteger();
        healthy.script("GET /token", request -> {
            String token = granted.incrementAndGet() == 1 ? "granted" : "another";
            request.response().end("{\"token\":\"" + token + "\",\"expires_in\":300}");
        });
        hostile.requireToken(challenge, "nobody has it");

        assertHealthy();
        assertThat(hostileManifest().why()).isEqualTo(UnknownCause.UNAUTHORIZED);
        assertThat(hostileManifest().why()).isEqualTo(UnknownCause.UNAUTHORIZED);
        assertThat(hostile.seen()).extracting(TestRegistry.Seen::authorization).doesNotContain("Bearer granted");
        healthy.forgetRequests();
        assertHealthy();
        assertThat(healthy.requests()).as("its token is still there").containsExactly("GET /v2/app/manifests/1");
    }

    @Test
    void aMirrorThatIsSilentAsOneRegistrysIsAskedFirstForAnother() {
        TestRegistry mirror = http();
        mirror.script("HEAD /v2/app/manifests/1", request -> {
            if (String.valueOf(request.query()).endsWith("%3A" + healthy.port())) {
                Digest digest = Digest.of(healthy.imageManifest("1000"));
                request.response()
                        .putHeader("Docker-Content-Digest", digest.toString())
                        .end();
            }
        });
        hostile.image("app", "1", "1000");
        List<RegistryOptions> configured = new ArrayList<>(plain(mirror));
        plain(healthy, hostile)
                .forEach(registry -> configured.add(TestRegistryOptions.from(registry)
                        .withMirrors(mirror.host())
                        .build()));
        RemoteRegistry mirrored = client(
                TestRemoteOptions.of(TrustZone.UNTRUSTED).with(configured).build());

        get(mirrored.digest(pull(hostile.host() + "/app:1", Duration.ofSeconds(6))));
        get(mirrored.digest(pull(healthy.host() + "/app:1")));
        assertThat(healthy.requests()).as("the mirror has answered").isEmpty();
    }

    @Test
    void connectionsThatOthersHoldAreNotMissed() throws Exception {
        healthy.script("GET /held", request -> {});
        int others = CacheOptions.DEFAULT.lookups() - 1;
        List<CompletionStage<?>> held = new ArrayList<>();
        for (int i = 0; i < others; i++) {
            redirect("/v2/app" + i + "/manifests/1", "/held");
            held.add(client.manifest(pull(hostile.host() + "/app" + i + ":1"), "1"));
        }
        Eventually.await("all are held", () -> healthy.requests().size() == others);
        assertHealthy();
        assertThat(held)
                .allSatisfy(stage -> assertThat(stage.toCompletableFuture()).isNotDone());
    }

    @Test
    void anOutageIsKnownToThoseWhoAreLedThereByTheSameRegistry() {
        Outages outages = new Outages(System::nanoTime, RequestListener.NONE, false);
        RequestContext led = context("hostile.example/app:1");
        outages.begin("https://ghcr.io", led).unreached(asked -> asked.failed(UnknownCause.UNREACHABLE, "is away"));
        assertThatThrownBy(() -> outages.begin("https://ghcr.io", context("hostile.example/b:1")))
                .hasMessage("registry hostile.example is away for hostile.example/b:1");
        outages.begin("https://ghcr.io", context("ghcr.io/team/app:1")).close();
    }

    private static RequestContext context(String image) {
        return RequestContext.of(ImageReference.parse(image), Deadline.in(GENEROUS));
    }

    /** Name lookups cannot be interrupted: those of slow name servers hold all threads that there are for a while. */
    @Test
    void aNameThatOnlyWaitedBehindSlowOnesIsNotHeldToBeSilent() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger held = new AtomicInteger();
        Outages outages = new Outages(System::nanoTime, RequestListener.NONE, false);
        RegistryHosts hosts = new RegistryHosts(List.of());
        HostResolver resolver = name -> {
            if (name.startsWith("slow")) {
                held.incrementAndGet();
                await(release);
            }
            return new InetAddress[] {InetAddress.getByName("93.184.216.34")};
        };
        try (AddressGuard guard = new AddressGuard(TrustZone.UNTRUSTED, hosts, resolver, outages)) {
            // One whose time is over before it has a thread holds none.
            for (int i = 0; held.get() < AddressGuard.THREADS; i++) {
                Origin slow = new Origin(true, "slow" + i + ".test", 443);
                assertTimesOut(guard, slow, Duration.ofMillis(20));
            }
            Origin fast = new Origin(true, "fast.test", 443);
            assertTimesOut(guard, fast, Duration.ofMillis(1_200));
            release.countDown();
            assertThat(guard.addresses(fast, context("fast.test/app:1"))).hasSize(1);
        } finally {
            release.countDown();
        }
    }

    private static void assertTimesOut(AddressGuard guard, Origin origin, Duration time) {
        RequestContext context = RequestContext.of(ImageReference.parse(origin.host() + "/app:1"), Deadline.in(time));
        assertThatThrownBy(() -> guard.addresses(origin, context))
                .isInstanceOfSatisfying(
                        LookupException.class,
                        failure -> assertThat(failure.why()).isEqualTo(UnknownCause.TIMEOUT));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
