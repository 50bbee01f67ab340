package dev.unroot.bench;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.policy.PolicyOptions;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.QuietListener;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.remote.RemoteRegistry;
import dev.unroot.registry.remote.TestRegistry;
import dev.unroot.registry.remote.TestRemoteOptions;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.Decision;
import dev.unroot.review.Exemptions;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.Modes;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewSettings;
import dev.unroot.review.Reviewer;
import dev.unroot.webhook.AdmissionReviewReader;
import dev.unroot.webhook.AdmissionReviewWriter;
import dev.unroot.webhook.Metrics;
import dev.unroot.webhook.ReceivedReview;
import dev.unroot.webhook.WebhookServer;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A 9 KB review of a pod with three containers, two of which need their image: bytes in, bytes out. The images are read
 * from a registry once, before anything is measured; from then on the cache answers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class AdmissionBenchmark {
    private static final Duration LONG = Duration.ofHours(24);

    /** Who the images run as: admitted, or denied. */
    @Param({"10001", "0"})
    String user;

    /** What the namespace does: enforces nonroot, or also warns and audits at hardened. */
    @Param({"enforce", "all"})
    String modes;

    private Vertx vertx;
    private TestRegistry registry;
    private RemoteRegistry remote;
    private CachingImageUsers images;
    private Metrics metrics;
    private AdmissionReviewReader reader;
    private AdmissionReviewWriter writer;
    private Reviewer reviewer;
    private byte[] body;

    @Setup
    public void readImages() throws Exception {
        vertx = WebhookServer.newVertx();
        registry = TestRegistry.http(vertx);
        registry.image("shop/app", "4.2.0", user);
        registry.image("mesh/proxy", "1.9.1", user);
        remote = new RemoteRegistry(
                vertx,
                TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with(List.of(TestRegistryOptions.of(registry.host())
                                .withPlainHttp()
                                .withAllowPrivate()
                                .build()))
                        .build());
        images = new CachingImageUsers(
                remote,
                new ImageReader(remote, Limits.DEFAULT),
                Detail.USER,
                Changed.of(
                        CacheOptions.DEFAULT,
                        "maxImages",
                        100,
                        "tagTtl",
                        LONG,
                        "staleIfError",
                        LONG,
                        "timeout",
                        Duration.ofSeconds(10)),
                Ticker.systemTicker(),
                new QuietListener());
        metrics = new Metrics();
        reader = new AdmissionReviewReader(PodTemplates.BUILT_IN);
        writer = new AdmissionReviewWriter();
        reviewer = new Reviewer(settings(), (name, deadline) -> NO_LABELS, images, metrics.reviewListener());
        try (InputStream in = AdmissionBenchmark.class.getResourceAsStream("review-9k.json")) {
            body = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("registry.example", registry.host())
                    .getBytes(StandardCharsets.UTF_8);
        }
        ReceivedReview review = reader.read(body, body.length);
        Decision decision = reviewer.review(review.request(), deadline())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        if (decision.allowed() == user.equals("0")) {
            throw new IllegalStateException("not the decision to measure: " + decision);
        }
    }

    private static final CompletableFuture<Map<String, String>> NO_LABELS = CompletableFuture.completedFuture(Map.of());

    private ReviewSettings settings() {
        JudgeSettings judging = new JudgeSettings(
                PolicyOptions.DEFAULT,
                Exemptions.NONE,
                List.of(Platform.parse("linux/amd64")),
                Duration.ofSeconds(1),
                Map.<UnknownCause, OnUnverified>of(),
                OnUnverified.DENY);
        return new ReviewSettings(
                judging,
                modes.equals("all")
                        ? new Modes(Level.NONROOT, Level.HARDENED, Level.HARDENED)
                        : Modes.NONE.enforcing(Level.NONROOT),
                Level.NONE,
                PodTemplates.BUILT_IN,
                false);
    }

    private static Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(9));
    }

    /** Decode, judge, encode. */
    @Benchmark
    public byte[] review() throws Exception {
        ReceivedReview review = reader.read(body, body.length);
        Decision decision = reviewer.review(review.request(), deadline())
                .toCompletableFuture()
                .join();
        return writer.write(review.uid(), decision);
    }

    /** The first third of it. */
    @Benchmark
    public ReceivedReview decode() throws Exception {
        return reader.read(body, body.length);
    }

    @TearDown
    public void close() {
        images.close();
        remote.close();
        registry.close();
        metrics.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
