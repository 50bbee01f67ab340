package dev.unroot.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.Changed;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.cache.CacheOptions;
import dev.unroot.registry.cache.CachingImageUsers;
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
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LookupMetersTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(unroot_\\w+)` \\| \\w+ \\|([^|]*)\\|");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(unroot_\\w+)(?:\\{(.*)})? ");

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final LookupMeters meters = new LookupMeters(registry);

    @Test
    void countsLookupsAndRequests() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (TestRegistry images = TestRegistry.http(vertx);
                RemoteRegistry remote = new RemoteRegistry(
                        vertx,
                        TestRemoteOptions.of(TrustZone.UNTRUSTED)
                                .with(List.of(TestRegistryOptions.of(images.host())
                                        .withPlainHttp()
                                        .withAllowPrivate()
                                        .build()))
                                .with(meters)
                                .build());
                CachingImageUsers users = new CachingImageUsers(
                        remote,
                        new ImageReader(remote, Limits.DEFAULT),
                        Detail.USER,
                        Changed.of(CacheOptions.DEFAULT, "maxImages", 1_000, "timeout", Duration.ofSeconds(60)),
                        Ticker.systemTicker(),
                        meters)) {
            meters.watch(users);
            images.image("app", "1", "1000");
            find(users, images.host() + "/app:1");
            find(users, images.host() + "/app:1");
            find(users, images.host() + "/missing:1");

            assertThat(registry.scrape())
                    .contains("unroot_image_cache_hits_total 1.0\n")
                    .contains("unroot_image_cache_images 1.0\n")
                    .contains("unroot_registry_lookups_total{outcome=\"known\"} 1.0\n")
                    .contains("unroot_registry_lookups_total{outcome=\"notFound\"} 1.0\n")
                    .contains("unroot_registry_requests_total{outcome=\"200\"} 2.0\n")
                    .contains("unroot_registry_requests_total{outcome=\"404\"} 1.0\n");
            assertThat(labelsByName(SAMPLE.matcher(registry.scrape()), "(\\w+)=\""))
                    .isEqualTo(documented());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void noRegistryMakesSeries() {
        for (int status = 200; status < 1000; status++) {
            meters.requested(Integer.toString(status));
        }
        meters.requested(UnknownCause.TLS.label());
        assertThat(registry.scrape())
                .contains("{outcome=\"other\"}")
                .contains("{outcome=\"tls\"} 1.0")
                .doesNotContain("418");
    }

    private static void find(CachingImageUsers users, String image) {
        ImageQuery query =
                new ImageQuery(ImageReference.parse(image), List.of(Platform.parse("linux/amd64")), PullIdentity.NONE);
        users.find(query, Deadline.in(Duration.ofSeconds(60)))
                .toCompletableFuture()
                .orTimeout(90, TimeUnit.SECONDS)
                .join();
    }

    private static Map<String, TreeSet<String>> documented() throws Exception {
        String page = Files.readString(Path.of("docs/metrics.md"));
        String section = page.split("\n## Registries\n", 2)[1].split("\n## ", 2)[0];
        return labelsByName(ROW.matcher(section), "`(\\w+)`");
    }

    private static Map<String, TreeSet<String>> labelsByName(Matcher line, String label) {
        Map<String, TreeSet<String>> found = new TreeMap<>();
        while (line.find()) {
            TreeSet<String> labels = found.computeIfAbsent(line.group(1), name -> new TreeSet<>());
            String text = line.group(2) == null ? "" : line.group(2);
            Pattern.compile(label).matcher(text).results().forEach(match -> labels.add(match.group(1)));
        }
        return found;
    }
}
