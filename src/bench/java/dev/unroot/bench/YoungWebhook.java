package dev.unroot.bench;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.certificate.SelfSigned;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.policy.PolicyOptions;
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
import dev.unroot.review.Exemptions;
import dev.unroot.review.JudgeSettings;
import dev.unroot.review.Modes;
import dev.unroot.review.OnUnverified;
import dev.unroot.review.ReviewSettings;
import dev.unroot.review.Reviewer;
import dev.unroot.webhook.CurrentReviewer;
import dev.unroot.webhook.Metrics;
import dev.unroot.webhook.Readiness;
import dev.unroot.webhook.WarmUp;
import dev.unroot.webhook.WebhookOptions;
import dev.unroot.webhook.WebhookServer;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A process that has just begun to serve, for {@link FirstRequest}; with the warm-up or without. Ends with its input. */
final class YoungWebhook {
    private YoungWebhook() {}

    /** Arguments: whether to warm up, the registry's host, a file for the CA. Prints its two ports. */
    public static void main(String[] arguments) throws Exception {
        Readiness readiness = new Readiness();
        if (Boolean.parseBoolean(arguments[0])) {
            WarmUp.start(readiness);
        }
        Vertx vertx = WebhookServer.newVertx();
        Metrics metrics = new Metrics();
        SelfSigned certificate = SelfSigned.create(List.of(), Clock.systemUTC());
        WebhookOptions options = WebhookOptions.listening("127.0.0.1", 0, "127.0.0.1", 0);
        WebhookServer server = WebhookServer.start(
                WebhookServer.open(vertx, options, metrics, readiness),
                options,
                certificate.certificate(),
                metrics,
                new CurrentReviewer(reviewer(vertx, arguments[1], metrics), PodTemplates.BUILT_IN),
                readiness);
        readiness.started();
        Files.writeString(Path.of(arguments[2]), certificate.caPem());
        System.out.println(server.port() + " " + server.managementPort());
        while (System.in.read() >= 0) {
            // Nothing is said to it: its input ends.
        }
        System.exit(0);
    }

    private static Reviewer reviewer(Vertx vertx, String registry, Metrics metrics) {
        RemoteRegistry remote = new RemoteRegistry(
                vertx,
                TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with(List.of(TestRegistryOptions.of(registry)
                                .withPlainHttp()
                                .withAllowPrivate()
                                .build()))
                        .build());
        CachingImageUsers images = new CachingImageUsers(
                remote,
                new ImageReader(remote, Limits.DEFAULT),
                Detail.USER,
                CacheOptions.DEFAULT,
                Ticker.systemTicker(),
                new QuietListener());
        JudgeSettings judging = new JudgeSettings(
                PolicyOptions.DEFAULT,
                Exemptions.NONE,
                List.of(Platform.parse("linux/amd64")),
                Duration.ofSeconds(1),
                Map.of(),
                OnUnverified.DENY);
        ReviewSettings settings = new ReviewSettings(
                judging,
                new Modes(Level.NONROOT, Level.HARDENED, Level.HARDENED),
                Level.NONE,
                PodTemplates.BUILT_IN,
                false);
        return new Reviewer(
                settings,
                (namespace, deadline) -> CompletableFuture.completedFuture(Map.of()),
                images,
                metrics.reviewListener());
    }
}
