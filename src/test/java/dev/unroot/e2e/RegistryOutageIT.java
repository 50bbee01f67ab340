package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Changed;
import dev.unroot.Eventually;
import dev.unroot.TestAuthority;
import dev.unroot.common.Deadline;
import dev.unroot.model.Confidence;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.QuietListener;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.remote.RemoteRegistry;
import dev.unroot.registry.remote.TestRemoteOptions;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real registry that has a CA of its own, that is killed and comes back, and that is asked ten thousand times. */
@Timeout(600)
class RegistryOutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWD = "root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n";
    private static final int HALF = 5_000;
    private static final int AT_ONCE = 16;

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();

    /** What this process holds of what could leak. */
    private record Held(long heapKib, int threads, long sockets) {
        static Held now() throws IOException, InterruptedException {
            for (int i = 0; i < 3; i++) {
                System.gc();
                Thread.sleep(200);
            }
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                long sockets = descriptors.filter(Held::isSocket).count();
                return new Held(heap / 1024, Thread.activeCount(), sockets);
            }
        }

        private static boolean isSocket(Path descriptor) {
            try {
                return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
            } catch (IOException closedMeanwhile) {
                return false;
            }
        }
    }

    /** A client of a registry at a private address, over plain HTTP. */
    private final class Client implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx();
        private final RemoteRegistry remote;
        private final CachingImageUsers users;

        Client(String host, int maxImages) {
            remote = new RemoteRegistry(
                    vertx,
                    TestRemoteOptions.of(TrustZone.UNTRUSTED)
                            .with(nanos::get)
                            .with(List.of(TestRegistryOptions.of(host)
                                    .withPlainHttp()
                                    .withAllowPrivate()
                                    .build()))
                            .build());
            users = new CachingImageUsers(
                    remote,
                    new ImageReader(remote, Limits.DEFAULT),
                    Detail.USER,
                    Changed.of(CacheOptions.DEFAULT, "maxImages", maxImages, "timeout", PATIENCE),
                    nanos::get,
                    new QuietListener());
        }

        CompletableFuture<ImageFacts> find(String image) {
            ImageQuery query = new ImageQuery(
                    ImageReference.parse(image), List.of(Platform.parse("linux/amd64")), PullIdentity.NONE);
            return users.find(query, Deadline.in(PATIENCE)).toCompletableFuture();
        }

        ImageFacts answer(String image) {
            return answer(find(image));
        }

        ImageFacts answer(CompletableFuture<ImageFacts> asked) {
            return asked.orTimeout(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS).join();
        }

        @Override
        public void close() throws Exception {
            users.close();
            remote.close();
            vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPrivateAuthorityIsBelievedWhereItIsConfigured() throws Exception {
        TestAuthority authority = new TestAuthority("private authority");
        authority.server("localhost").writeTo(folder, "tls");
        Path ca = Files.writeString(folder.resolve("authority.pem"), authority.certificate());
        try (DockerRegistry registry = DockerRegistry.startTls(folder)) {
            RealImages images = new RealImages(folder, registry.localhost());
            images.make("app", "app", "amd64", PASSWD);
            String image = images.push("app");

            assertThat(check(image, "{host: '" + registry.localhost() + "', caFile: " + ca + "}"))
                    .contains("\"allowed\": true");
            assertThat(check(image, "{host: '" + registry.localhost() + "'}"))
                    .contains("\"allowed\": false", "\"cause\": \"tls\"");
        }
    }

    private String check(String image, String registry) throws IOException, InterruptedException {
        Path pod = Files.writeString(folder.resolve("pod.yaml"), """
                apiVersion: v1
                kind: Pod
                metadata: {name: app}
                spec: {containers: [{name: app, image: "%s"}]}
                """.formatted(image));
        Path config = Files.writeString(folder.resolve("unroot.yaml"), """
                apiVersion: unroot.dev/v1
                kind: UnrootConfiguration
                imageLookup: {timeout: 60s, registries: [%s]}
                """.formatted(registry));
        return Programs.unroot(folder, "check", "-f", pod.toString(), "--config", config.toString(), "--output", "json")
                .out();
    }

    @Test
    void answersRecoverFromARegistryThatIsKilledInMidLookup() throws Exception {
        DockerRegistry registry = DockerRegistry.start(folder);
        try (Client client = new Client(registry.host(), 1_000)) {
            RealImages images = new RealImages(folder, registry.host());
            images.make("known", "app", "amd64", PASSWD);
            images.make("unknown", "app", "amd64", PASSWD);
            String known = images.push("known");
            String unknown = images.push("unknown");
            assertThat(client.answer(known)).isInstanceOf(ImageFacts.Known.class);

            registry.pause();
            CompletableFuture<ImageFacts> underWay = client.find(unknown);
            Thread.sleep(500);
            assertThat(underWay).isNotDone();
            registry.kill();
            assertThat(((ImageFacts.Unknown) client.answer(underWay)).cause()).isEqualTo(UnknownCause.UNREACHABLE);

            nanos.addAndGet(Duration.ofMinutes(6).toNanos());
            assertThat(((ImageFacts.Known) client.answer(known)).confidence()).isEqualTo(Confidence.STALE);
            assertThat(((ImageFacts.Unknown) client.answer(unknown)).cause()).isEqualTo(UnknownCause.UNREACHABLE);

            registry = registry.startAgain(folder);
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            assertThat(((ImageFacts.Known) client.answer(known)).confidence()).isEqualTo(Confidence.TAG);
            assertThat(client.answer(unknown)).isInstanceOf(ImageFacts.Known.class);
        } finally {
            registry.close();
        }
    }

    @Test
    void tenThousandLookupsLeaveNothingBehind() throws Exception {
        try (DockerRegistry registry = DockerRegistry.start(folder);
                Client client = new Client(registry.host(), 500)) {
            RealImages images = new RealImages(folder, registry.host());
            images.make("app", "10001", "amd64", PASSWD);
            String image = images.push("app");
            tag(image.substring(registry.host().length() + 1, image.lastIndexOf(':')));
            String repository = image.substring(0, image.lastIndexOf(':'));

            lookUp(client, repository, 0);
            Held half = Held.now();
            lookUp(client, repository, HALF);
            // What leaked stays; what other tests' clients of this process hold for a moment does not.
            Eventually.passes("no more to be held than before", () -> {
                Held all = Held.now();
                System.out.println("held after " + HALF + " lookups: " + half + ", after " + 2 * HALF + ": " + all);
                assertThat(all.heapKib() - half.heapKib()).as("KiB of heap").isLessThan(4 * 1024);
                assertThat(all.threads()).isLessThanOrEqualTo(half.threads() + 2);
                assertThat(all.sockets()).isLessThanOrEqualTo(half.sockets() + 2);
            });
        }
    }

    /** Ten thousand names for one image, as the registry itself would write them. */
    private void tag(String repository) throws IOException {
        Path tags = folder.resolve("storage/docker/registry/v2/repositories")
                .resolve(repository)
                .resolve("_manifests/tags");
        byte[] link = Files.readAllBytes(tags.resolve("1/current/link"));
        for (int i = 0; i < 2 * HALF; i++) {
            Files.write(
                    Files.createDirectories(tags.resolve("t" + i + "/current")).resolve("link"), link);
        }
    }

    private static void lookUp(Client client, String repository, int from) {
        for (int start = from; start < from + HALF; start += AT_ONCE) {
            List<CompletableFuture<ImageFacts>> asked = new ArrayList<>();
            for (int i = start; i < Math.min(start + AT_ONCE, from + HALF); i++) {
                asked.add(client.find(repository + ":t" + i));
            }
            asked.forEach(one -> assertThat(client.answer(one)).isInstanceOf(ImageFacts.Known.class));
        }
    }
}
