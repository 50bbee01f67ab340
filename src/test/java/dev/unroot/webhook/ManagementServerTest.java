package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^(unroot_\\w+?)(_bucket|_count|_sum|_max)?(?:\\{([^}]*)\\})? ");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(unroot_\\w+)` \\| \\w+ \\|([^|]*)\\|");

    @Test
    void saysWhatIsMissing() throws Exception {
        try (TestWebhook webhook = TestWebhook.start()) {
            assertThat(webhook.get("/healthz").body()).isEqualTo("ok\n");
            assertThat(webhook.get("/readyz").body()).isEqualTo("ready\n");

            webhook.readiness.require("namespaces", () -> "not yet listed");
            webhook.readiness.require("caBundle", () -> {
                throw new IllegalStateException("secret detail");
            });
            HttpResponse<String> answer = webhook.get("/readyz");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body())
                    .isEqualTo("not ready\ncaBundle: could not be determined (IllegalStateException)\n"
                            + "namespaces: not yet listed\n");
            assertThat(webhook.get("/healthz").statusCode()).isEqualTo(200);

            webhook.readiness.require("namespaces", () -> null);
            webhook.readiness.require("caBundle", () -> null);
            assertThat(webhook.get("/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void servesOnlyWhatItSays() throws Exception {
        try (TestWebhook webhook = TestWebhook.start()) {
            assertThat(webhook.get("/").statusCode()).isEqualTo(404);
            URI metrics = URI.create("http://127.0.0.1:" + webhook.server.managementPort() + "/metrics");
            HttpResponse<String> post = webhook.send(HttpRequest.newBuilder(metrics)
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build());
            assertThat(post.statusCode()).isEqualTo(405);
            assertThat(post.headers().firstValue("Allow")).contains("GET, HEAD");
        }
    }

    @Test
    void countsWhatHappened() throws Exception {
        try (TestWebhook webhook = TestWebhook.start()) {
            webhook.post(Reviews.pod(Reviews.ROOT_CONTAINER).toString());
            webhook.post(Reviews.pod(Reviews.FINE_CONTAINER).toString());
            webhook.post(Reviews.pod(Reviews.FINE_CONTAINER)
                    .with("resource", "{\"resource\":\"made-up-by-a-stranger\"}")
                    .toString());
            webhook.post("[]");

            HttpResponse<String> scrape = webhook.get("/metrics");

            assertThat(scrape.headers().firstValue("Content-Type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(scrape.body().lines())
                    .contains(
                            decisions("deny", "nonroot", "enforce", "pods", 1),
                            decisions("allow", "nonroot", "enforce", "pods", 1),
                            decisions("allow", "nonroot", "enforce", "other", 1),
                            decisions("deny", "hardened", "warn", "pods", 1),
                            decisions("deny", "hardened", "audit", "pods", 1),
                            "unroot_admission_requests_total{code=\"200\"} 3.0",
                            "unroot_admission_requests_total{code=\"400\"} 1.0",
                            "unroot_admission_requests_in_flight 0.0",
                            "unroot_admission_review_duration_seconds_count 3",
                            "unroot_admission_review_duration_seconds_bucket{le=\"+Inf\"} 3",
                            "unroot_image_lookups_total{outcome=\"tag\"} 1.0",
                            "unroot_image_lookups_avoided_total 2.0")
                    .noneMatch(line -> line.contains("stranger"))
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
                    .anyMatch(line -> line.startsWith("jvm_threads_live_threads "))
                    .anyMatch(line -> line.startsWith("jvm_gc_"))
                    .anyMatch(line -> line.startsWith("process_uptime_seconds "));
        }
    }

    private static String decisions(String decision, String level, String mode, String resource, int count) {
        return "unroot_admission_decisions_total{decision=\"" + decision + "\",level=\"" + level + "\",mode=\"" + mode
                + "\",resource=\"" + resource + "\"} " + count + ".0";
    }

    @Test
    void theDocumentationListsExactlyWhatThereIs() throws Exception {
        Map<String, Set<String>> documented = new TreeMap<>();
        // What follows the first table is counted by others.
        String table = Files.readString(Path.of("docs/metrics.md")).split("\n## ", 2)[0];
        Matcher row = ROW.matcher(table);
        while (row.find()) {
            Set<String> labels = new TreeSet<>();
            Pattern.compile("`(\\w+)`").matcher(row.group(2)).results().forEach(label -> labels.add(label.group(1)));
            documented.put(row.group(1), labels);
        }

        try (TestWebhook webhook = TestWebhook.start()) {
            webhook.post(Reviews.pod(Reviews.ROOT_CONTAINER).toString());
            webhook.metrics.reviewListener().imageAnswered(new ImageFacts.Unknown(UnknownCause.TIMEOUT, "late"));
            Map<String, Set<String>> scraped = new TreeMap<>();
            Matcher sample = SAMPLE.matcher(webhook.get("/metrics").body());
            while (sample.find()) {
                Set<String> labels = scraped.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
                LABEL.matcher(sample.group(3) == null ? "" : sample.group(3))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !label.equals("le"))
                        .forEach(labels::add);
            }
            assertThat(scraped).isEqualTo(documented);
        }
    }
}
