package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.common.Deadline;
import dev.unroot.review.Namespaces;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract with the API server, over real HTTPS. */
class ValidateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static TestWebhook webhook;

    @BeforeAll
    static void start() throws Exception {
        webhook = TestWebhook.start();
    }

    @AfterAll
    static void stop() {
        webhook.close();
    }

    /** The response part of a 200, after checking the envelope. */
    private static JsonNode review(Reviews review) throws Exception {
        return response(webhook.post(review.toString()), Reviews.UID);
    }

    private static JsonNode response(HttpResponse<String> answer, String uid) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.get("apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
        assertThat(body.get("kind").asText()).isEqualTo("AdmissionReview");
        JsonNode response = body.get("response");
        assertThat(response.get("uid").asText()).isEqualTo(uid);
        assertThat(response.has("patch")).isFalse();
        return response;
    }

    @Test
    void deniesWithForbiddenAndTheFix() throws Exception {
        JsonNode response = review(Reviews.pod(Reviews.ROOT_CONTAINER));

        assertThat(response.get("allowed").asBoolean()).isFalse();
        assertThat(response.at("/status/code").asInt()).isEqualTo(403);
        assertThat(response.at("/status/reason").asText()).isEqualTo("Forbidden");
        assertThat(response.at("/status/message").asText())
                .startsWith("container \"web\" runs as root: image docker.io/library/nginx:1.27")
                .contains("Rebuild it with a numeric USER");
        assertThat(response.has("warnings")).isFalse();
        assertThat(response.at("/auditAnnotations/enforce-policy").asText()).isEqualTo("nonroot");
    }

    @Test
    void allowsWithoutAWord() throws Exception {
        JsonNode response = review(Reviews.pod(Reviews.FINE_CONTAINER));

        assertThat(response.get("allowed").asBoolean()).isTrue();
        assertThat(response.has("status")).isFalse();
        assertThat(response.has("warnings")).isFalse();
    }

    @Test
    void allowsWithWarnings() throws Exception {
        JsonNode response = review(Reviews.pod("{\"name\":\"web\",\"image\":\"fine\"}"));

        assertThat(response.get("allowed").asBoolean()).isTrue();
        assertThat(response.get("warnings"))
                .isNotEmpty()
                .allSatisfy(warning -> assertThat(warning.asText()).startsWith("container \"web\" "));
        assertThat(response.at("/auditAnnotations/audit-violations").asText()).contains("container \"web\"");
    }

    @Test
    void goesByTheNamespace() throws Exception {
        Reviews pod = Reviews.pod("{\"name\":\"web\",\"image\":\"fine\"}");
        assertThat(review(pod.with("namespace", "\"strict\"")).get("allowed").asBoolean())
                .isFalse();
        Reviews root = Reviews.pod(Reviews.ROOT_CONTAINER);
        assertThat(review(root.with("namespace", "\"loose\"")).get("allowed").asBoolean())
                .isTrue();
    }

    @Test
    void judgesObjectsThatComeBeforeTheirKind() throws Exception {
        assertThat(review(Reviews.pod(Reviews.ROOT_CONTAINER).last("kind"))
                        .get("allowed")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void judgesDryRunsAlike() throws Exception {
        assertThat(review(Reviews.pod(Reviews.ROOT_CONTAINER).with("dryRun", "true"))
                        .get("allowed")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void judgesEphemeralContainers() throws Exception {
        String before = Reviews.podObject(Reviews.FINE_CONTAINER);
        String after = before.replace(
                "\"spec\":{", "\"spec\":{\"ephemeralContainers\":[{\"name\":\"debug\",\"image\":\"busybox\"}],");
        JsonNode response = review(Reviews.pod("")
                .with("operation", "\"UPDATE\"")
                .with("subResource", "\"ephemeralcontainers\"")
                .with("object", after)
                .with("oldObject", before));

        assertThat(response.get("allowed").asBoolean()).isFalse();
        assertThat(response.at("/status/message").asText()).startsWith("ephemeral container \"debug\" runs as root");
    }

    @Test
    void refusesALabelThatIsNoLevel() throws Exception {
        JsonNode response = review(Reviews.pod("")
                .with("kind", "{\"group\":\"\",\"version\":\"v1\",\"kind\":\"Namespace\"}")
                .with("resource", "{\"group\":\"\",\"version\":\"v1\",\"resource\":\"namespaces\"}")
                .with("object", "{\"metadata\":{\"name\":\"x\",\"labels\":{\"unroot.dev/enforce\":\"nonrot\"}}}"));

        assertThat(response.get("allowed").asBoolean()).isFalse();
        assertThat(response.at("/status/message").asText())
                .isEqualTo("label unroot.dev/enforce is \"nonrot\", which is no level: write none, nonroot, hardened or"
                        + " explicit.");
    }

    @Test
    void tellsTheAuditLogOfALabelThatIsNoLevel() throws Exception {
        JsonNode response = review(Reviews.pod(Reviews.ROOT_CONTAINER).with("namespace", "\"mistyped\""));

        assertThat(response.get("allowed").asBoolean()).isFalse();
        assertThat(response.at("/auditAnnotations/error").asText()).contains("nonrot");
    }

    @Test
    void speaksHttp11EvenToThoseWhoAskForMore() throws Exception {
        HttpClient ambitious = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(TestWebhook.trusting(webhook.certificate.caPem()))
                .build();
        HttpResponse<String> answer = ambitious.send(
                webhook.review(Reviews.pod(Reviews.FINE_CONTAINER).toString()), HttpResponse.BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void judgesThreeMegabyteObjects() throws Exception {
        String annotations = "\"metadata\":{\"annotations\":{\"a\":\"" + "x".repeat(3 << 20) + "\"},";
        String object = Reviews.podObject(Reviews.ROOT_CONTAINER).replace("\"metadata\":{", annotations);
        JsonNode response = review(Reviews.pod("")
                .with("operation", "\"UPDATE\"")
                .with("object", object)
                .with("oldObject", object.replace("1.27", "1.26")));

        assertThat(response.get("allowed").asBoolean()).isFalse();
    }

    @Test
    void judgesAThousandContainersInTime() throws Exception {
        List<String> containers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            containers.add("{\"name\":\"c" + i + "\",\"image\":\"nginx\"}");
        }
        JsonNode response = review(Reviews.pod(String.join(",", containers)));

        assertThat(response.get("allowed").asBoolean()).isFalse();
        assertThat(response.at("/status/message").asText()).endsWith(" more lines");
    }

    @Test
    void answersTwoHundredAtOnceEachItsOwn() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String container = i % 2 == 0 ? Reviews.ROOT_CONTAINER : Reviews.FINE_CONTAINER;
            String body =
                    Reviews.pod(container).with("uid", "\"uid-" + i + "\"").toString();
            answers.add(webhook.client.sendAsync(webhook.review(body), HttpResponse.BodyHandlers.ofString()));
        }
        for (int i = 0; i < 200; i++) {
            JsonNode response = response(answers.get(i).get(), "uid-" + i);
            assertThat(response.get("allowed").asBoolean()).isEqualTo(i % 2 == 1);
        }
    }

    /** By which the API server says that the namespace enforces, as far as it knows. */
    @Test
    void whatIsSentAsEnforcedHasAPathOfItsOwn() throws Exception {
        AtomicInteger current = new AtomicInteger();
        Namespaces outdated = new Namespaces() {
            @Override
            public CompletionStage<Map<String, String>> labels(String namespace, Deadline deadline) {
                return CompletableFuture.completedFuture(Map.of("unroot.dev/enforce", "none"));
            }

            @Override
            public CompletionStage<Map<String, String>> current(String namespace, Deadline deadline) {
                current.incrementAndGet();
                return CompletableFuture.completedFuture(Map.of("unroot.dev/enforce", "nonroot"));
            }
        };
        try (TestWebhook other = TestWebhook.start(outdated, UnaryOperator.identity())) {
            String review = Reviews.pod(Reviews.ROOT_CONTAINER).toString();
            for (String path : List.of("/validate", "/validate/enforced")) {
                HttpRequest request = other.request(path)
                        .POST(HttpRequest.BodyPublishers.ofString(review))
                        .build();
                assertThat(JSON.readTree(other.send(request).body())
                                .at("/response/allowed")
                                .asBoolean())
                        .as(path)
                        .isEqualTo(path.equals("/validate"));
            }
        }
        assertThat(current.get()).isEqualTo(1);
    }

    @Test
    void takesContentTypesWithParameters() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(webhook.uri("/validate"))
                .header("Content-Type", "Application/JSON; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(
                        Reviews.pod(Reviews.FINE_CONTAINER).toString()))
                .build();
        assertThat(webhook.send(request).statusCode()).isEqualTo(200);
    }
}
