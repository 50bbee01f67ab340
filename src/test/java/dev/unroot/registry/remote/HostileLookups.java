package dev.unroot.registry.remote;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.cache.CachingImageUsers;
import dev.unroot.registry.cache.QuietListener;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.ImageReader;
import dev.unroot.review.ImageQuery;
import dev.unroot.review.ImageQuery.PullIdentity;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The main class of a process of its own: looks up all images given, at once, and prints what came of each. */
public final class HostileLookups {
    private static final Duration TIME = Duration.ofMinutes(4);
    /** As by default, but less to unpack: processors are slow where they are shared. */
    private static final Limits LIMITS =
            Changed.of(Limits.DEFAULT, "layerBytes", 16L << 20, "inflatedBytes", 100L << 20);

    private HostileLookups() {}

    public static void main(String[] images) {
        Vertx vertx = Vertx.vertx();
        List<RegistryOptions> registries = Arrays.stream(images)
                .map(image -> ImageReference.parse(image).registry())
                .distinct()
                .map(host -> TestRegistryOptions.of(host)
                        .withPlainHttp()
                        .withAllowPrivate()
                        .build())
                .toList();
        RemoteRegistry remote = new RemoteRegistry(
                vertx,
                TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with(registries)
                        .with(LIMITS)
                        .build());
        CachingImageUsers users = new CachingImageUsers(
                remote,
                new ImageReader(remote, LIMITS),
                Detail.USER,
                Changed.of(CacheOptions.DEFAULT, "timeout", TIME),
                Ticker.systemTicker(),
                new QuietListener());
        Map<String, CompletionStage<ImageFacts>> answers = new LinkedHashMap<>();
        for (String image : images) {
            ImageQuery query = new ImageQuery(
                    ImageReference.parse(image), List.of(Platform.parse("linux/amd64")), PullIdentity.NONE);
            answers.put(image, users.find(query, Deadline.in(TIME)));
        }
        answers.forEach((image, answer) -> System.out.println(image + " " + outcome(answer)));
        users.close();
        remote.close();
        TestRegistry.await(vertx.close());
    }

    private static String outcome(CompletionStage<ImageFacts> answer) {
        ImageFacts facts = answer.toCompletableFuture()
                .orTimeout(TIME.toSeconds(), TimeUnit.SECONDS)
                .join();
        return facts instanceof ImageFacts.Unknown unknown
                ? unknown.cause().label()
                : ((ImageFacts.Known) facts).users().get(0).user().verdict().label();
    }
}
