package dev.unroot.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.TrustingClient;
import dev.unroot.certificate.SelfSigned;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Level;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.layout.OciLayout;
import dev.unroot.registry.users.Detail;
import dev.unroot.registry.users.SourceImageUsers;
import dev.unroot.review.ImageUsers;
import dev.unroot.review.Modes;
import dev.unroot.review.ReviewSettings;
import dev.unroot.review.Reviewer;
import dev.unroot.webhook.CurrentReviewer;
import dev.unroot.webhook.Metrics;
import dev.unroot.webhook.Readiness;
import dev.unroot.webhook.WebhookOptions;
import dev.unroot.webhook.WebhookServer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A running webhook for one case, asked as an API server would: HTTPS in, AdmissionReview out. */
final class WebhookRunner implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Vertx vertx = WebhookServer.newVertx();
    private final SelfSigned certificate = SelfSigned.create(List.of(), Clock.systemUTC());
    private final HttpClient client;

    WebhookRunner() throws Exception {
        client = TrustingClient.of(certificate.caPem());
    }

    /** What the webhook answered, as well as whether it admits the object. */
    record Answer(boolean admitted, String denial, JsonNode annotations) {
        private static final List<String> KEYS = List.of("audit-violations", "audit-will-not-start", "audit-advice");

        /** Whether the audit log is told, under the key for that kind of finding and under no other. */
        boolean audits(String kind, String message) {
            String key =
                    switch (kind) {
                        case "violation", "unverified" -> KEYS.get(0);
                        case "will-not-start" -> KEYS.get(1);
                        default -> KEYS.get(2);
                    };
            List<String> told = KEYS.stream()
                    .filter(other -> annotations.path(other).asText().contains(message))
                    .toList();
            if (!told.isEmpty() && !told.equals(List.of(key))) {
                throw new AssertionError(kind + " is told under " + told + ": " + annotations);
            }
            return !told.isEmpty();
        }

        /** Whether there is any annotation of that kind. */
        boolean hasViolations() {
            return annotations.has(KEYS.get(0));
        }
    }

    Answer ask(CaseFile file, Path folder) throws Exception {
        CaseLayout layout = new CaseLayout(file);
        ImageUsers images = file.hasUnreadableImages()
                ? new CaseImages(file.images())
                : new SourceImageUsers(
                        OciLayout.open(layout.write(folder), Limits.DEFAULT), Limits.DEFAULT, Detail.USER);
        ReviewSettings settings = new ReviewSettings(
                file.options().judgeSettings(),
                new Modes(file.level(), Level.NONE, file.level()),
                Level.NONE,
                PodTemplates.BUILT_IN,
                false);
        try (Metrics metrics = new Metrics()) {
            Reviewer reviewer = new Reviewer(
                    settings,
                    (namespace, deadline) -> CompletableFuture.completedFuture(Map.of()),
                    images,
                    metrics.reviewListener());
            WebhookOptions options = WebhookOptions.listening("127.0.0.1", 0, "127.0.0.1", 0);
            Readiness readiness = new Readiness();
            WebhookServer server = WebhookServer.start(
                    WebhookServer.open(vertx, options, metrics, readiness),
                    options,
                    certificate.certificate(),
                    metrics,
                    new CurrentReviewer(reviewer, settings.templates()),
                    readiness);
            try {
                return answer(post(server.port(), review(file, layout)));
            } finally {
                server.close(Duration.ZERO, Duration.ofSeconds(1))
                        .toCompletableFuture()
                        .join();
            }
        }
    }

    private static String review(CaseFile file, CaseLayout layout) throws Exception {
        JsonNode object = JSON.readTree(layout.real(new String(file.manifestJson(), StandardCharsets.UTF_8)));
        TypeMeta type = new TypeMeta(
                object.get("apiVersion").asText(), object.get("kind").asText());
        String version = object.get("apiVersion").asText().replaceFirst(".*/", "");
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request");
        request.put("uid", "1f4a6f52-0000-4000-8000-000000000001");
        request.putObject("kind")
                .put("group", type.group())
                .put("version", version)
                .put("kind", type.kind());
        request.putObject("resource")
                .put("group", type.group())
                .put("version", version)
                .put("resource", type.kind().toLowerCase(Locale.ROOT) + "s");
        request.put("name", object.at("/metadata/name").asText(""));
        request.put("namespace", object.at("/metadata/namespace").asText("default"));
        request.put("operation", "CREATE");
        request.putObject("userInfo").put("username", "jane");
        request.set("object", object);
        return JSON.writeValueAsString(review);
    }

    private JsonNode post(int port, String review) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/validate?timeout=10s"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(review))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body()).get("response");
    }

    private static Answer answer(JsonNode response) {
        return new Answer(
                response.get("allowed").asBoolean(),
                response.at("/status/message").asText(""),
                response.path("auditAnnotations"));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
