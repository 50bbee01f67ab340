package dev.unroot.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.Eventually;
import dev.unroot.Images;
import dev.unroot.cluster.ApiServer;
import dev.unroot.cluster.ClusterConnection;
import dev.unroot.common.Deadline;
import dev.unroot.configuration.Configuration;
import dev.unroot.configuration.ConfigurationException;
import dev.unroot.configuration.ConfigurationFile;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Subject;
import dev.unroot.review.AdmissionRequest;
import dev.unroot.review.Decision;
import dev.unroot.review.ExistingPods;
import dev.unroot.review.Reviewer;
import dev.unroot.webhook.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class LiveReviewerTest {
    private final Resources resources = new Resources();
    private final Metrics metrics = new Metrics();
    private LiveReviewer live;

    @BeforeEach
    void begin() throws Exception {
        live = live(null, "");
    }

    @AfterEach
    void close() {
        resources.close();
        metrics.close();
    }

    @Test
    void aChangedConfigurationJudgesFromNowOn() throws Exception {
        assertThat(review("shop").allowed()).isTrue();
        live.apply(configuration("floor: nonroot"));
        assertThat(review("shop").allowed()).isFalse();
        live.apply(configuration("floor: nonroot\nexemptions: {namespaces: [shop]}"));
        assertThat(review("shop").allowed()).isTrue();
        live.apply(configuration("namespaces: {shop: {enforce: nonroot}}"));
        assertThat(review("shop").allowed()).isFalse();
        assertThat(review("other").allowed()).isTrue();
    }

    @Test
    void aReviewerThatSomebodyHoldsStaysAsItWas() throws Exception {
        Reviewer before = live.current().reviewer();
        live.apply(configuration("floor: nonroot"));
        assertThat(live.current().reviewer()).isNotSameAs(before);
        assertThat(review(before, "shop").allowed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "certificates: {certFile: a.crt, keyFile: a.key}",
                "leaderElection: {leaseName: unroot, namespace: unroot}",
                "shutdown: {drainDelay: 3s}"
            })
    void whatNeedsARestartIsRefusedAndChangesNothing(String section) {
        assertThatThrownBy(() -> live.apply(configuration("floor: nonroot\n" + section)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(section.split(":", 2)[0] + " cannot be changed while Unroot runs: restart it");
        assertThat(review("shop").allowed()).isTrue();
    }

    @Test
    void whatCannotBeUsedIsRefusedAndChangesNothing() {
        assertThatThrownBy(() -> live.apply(configuration(
                        "floor: nonroot\nimageLookup: {registries: [{host: registry.example, caFile: /none.crt}]}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("/none.crt");
        assertThat(review("shop").allowed()).isTrue();
    }

    @Test
    void imagesAreReadAnewOnlyWhereTheirPartChanged(@TempDir Path folder) throws Exception {
        Path layout = folder.resolve("images");
        copy(Path.of("manifests/images"), layout);
        live = live(layout, "floor: nonroot");
        assertThat(byImage().denial()).contains("registry.example/shop/web:1 sets no USER");
        Files.delete(layout.resolve("index.json"));
        live.apply(
                configuration("floor: hardened\nimageLookup: {trustTags: [], onUnverified: warn, advisoryWait: 2s}"));
        assertThat(byImage().denial()).as("from what was read before").contains("sets no USER");
        assertThatThrownBy(() -> live.apply(configuration("floor: hardened\nimageLookup: {timeout: 4s}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--images");
        assertThat(byImage().denial()).contains("sets no USER");
    }

    /** The first reviews are not to be on platforms that are only assumed; no later change makes anybody wait. */
    @Test
    void waitsForTheFirstNodesOnly() throws Exception {
        assertThat(live.awaitsNodes()).as("outside a cluster").isFalse();
        CompletableFuture<Void> held = new CompletableFuture<>();
        ApiServer server = new ApiServer();
        ClusterConnection connection = server.connect();
        try {
            server.answer(request -> {
                held.join();
                return null;
            });
            live = live(null, connection, "userNamespaces: strict\nimageLookup: {platforms: [linux/amd64]}");
            assertThat(live.awaitsNodes()).as("all is written").isFalse();
            live.apply(configuration(""));
            assertThat(live.awaitsNodes()).as("a later change").isFalse();
            // Whatever their platforms are, they tell whether they map users.
            live = live(null, connection, "imageLookup: {platforms: [linux/amd64]}");
            assertThat(live.awaitsNodes()).isTrue();
            held.complete(null);
            Eventually.await("the nodes to be known", () -> !live.awaitsNodes());
        } finally {
            held.complete(null);
            // First: after a client's goodbye it would wait ten seconds for the connection to end.
            server.close();
            connection.close();
        }
    }

    private static void copy(Path from, Path to) throws java.io.IOException {
        try (java.util.stream.Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private LiveReviewer live(@Nullable Path layout, String keys) throws Exception {
        return live(layout, null, keys);
    }

    private LiveReviewer live(@Nullable Path layout, @Nullable ClusterConnection connection, String keys)
            throws Exception {
        ServeContext around = new ServeContext(
                Images.ofWebhook(layout),
                connection,
                null,
                ExistingPods.NONE,
                metrics,
                new LookupMeters(metrics.registry()),
                resources);
        return resources.add(new LiveReviewer(around, configuration(keys)));
    }

    private static Configuration configuration(String keys) throws ConfigurationException {
        return ConfigurationFile.parse("apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n" + keys, "unroot.yaml");
    }

    private Decision review(String namespace) {
        return review(live.current().reviewer(), namespace);
    }

    private Decision byImage() {
        return decide(
                live.current().reviewer(), "shop", TestPods.pod("{name: web, image: 'registry.example/shop/web:1'}"));
    }

    private static Decision review(Reviewer reviewer, String namespace) {
        return decide(reviewer, namespace, TestPods.pod("{name: web, image: web, securityContext: {runAsUser: 0}}"));
    }

    private static Decision decide(Reviewer reviewer, String namespace, Subject pod) {
        AdmissionRequest request = new AdmissionRequest(
                new TypeMeta("v1", "Pod"), "pods", "", namespace, "CREATE", "jane", List.of(), pod, null, false);
        return reviewer.review(request, Deadline.in(Duration.ofSeconds(60)))
                .toCompletableFuture()
                .join();
    }
}
