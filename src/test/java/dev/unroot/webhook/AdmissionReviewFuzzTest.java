package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.unroot.fuzz.Fuzz;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.model.Container;
import dev.unroot.model.Setting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** AdmissionReviews: refused for a reason, or read as a tree of the whole would be. */
class AdmissionReviewFuzzTest {
    static final List<String> SEEDS = List.of(
            Reviews.pod(Reviews.ROOT_CONTAINER + "," + Reviews.FINE_CONTAINER).toString(),
            Reviews.pod(Reviews.ROOT_CONTAINER)
                    .with(
                            "object",
                            "{\"spec\":{\"securityContext\":{\"runAsUser\":0,\"runAsNonRoot\":true},\"initContainers\":["
                                    + "{\"image\":\"a\",\"securityContext\":{\"runAsNonRoot\":false}}],\"containers\":[{"
                                    + "\"image\":\"b\",\"securityContext\":{\"runAsUser\":7}}],\"affinity\":{"
                                    + "\"nodeAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":{"
                                    + "\"nodeSelectorTerms\":[{\"matchExpressions\":[{\"key\":\"kubernetes.io/arch\","
                                    + "\"operator\":\"In\",\"values\":[\"arm64\"]}]}]}}}}}")
                    .last("kind")
                    .toString());
    private static final List<String> WORDS = List.of(
            "\"runAsUser\":0,",
            "\"runAsNonRoot\":true,",
            "\"securityContext\":{",
            "\"containers\":[",
            "{\"image\":\"c\"},",
            "null",
            "}",
            "]",
            ",",
            "\"spec\":{",
            "{}",
            "[",
            "-1",
            "1e3",
            "\"\\ud800\"",
            "\u0000");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @Test
    void whatIsReadIsWhatATreeHolds() {
        Fuzz.mutate(
                20_000,
                SEEDS.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                AdmissionReviewFuzzTest::read);
    }

    static void read(byte[] body) {
        ReceivedReview review;
        try {
            review = new AdmissionReviewReader(PodTemplates.BUILT_IN).read(body, body.length);
        } catch (BadRequestException refused) {
            assertThat(refused.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(1000);
            return;
        }
        if (review.request().object() == null || !review.request().type().equals(new TypeMeta("v1", "Pod"))) {
            return;
        }
        JsonNode spec;
        try {
            spec = JSON.readTree(body).path("request").path("object").path("spec");
        } catch (IOException duplicate) {
            // Keys that come twice: the last one counts, but a tree cannot tell.
            assertThat(duplicate).hasMessageContaining("Duplicate field");
            return;
        }
        List<String> users = new ArrayList<>();
        for (Container container : review.request().object().pod().containers()) {
            users.add(value(container.effective().runAsUser()) + " "
                    + value(container.effective().runAsNonRoot()));
        }
        assertThat(users).isEqualTo(users(spec));
    }

    private static @Nullable Object value(@Nullable Setting<?> setting) {
        return setting == null ? null : setting.value();
    }

    private static List<String> users(JsonNode spec) {
        List<String> users = new ArrayList<>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (JsonNode container : spec.path(list)) {
                users.add(effective(spec, container, "runAsUser") + " " + effective(spec, container, "runAsNonRoot"));
            }
        }
        return users;
    }

    private static @Nullable String effective(JsonNode spec, JsonNode container, String field) {
        JsonNode own = container.path("securityContext").path(field);
        JsonNode inForce = own.isValueNode() && !own.isNull()
                ? own
                : spec.path("securityContext").path(field);
        return inForce.isMissingNode() || inForce.isNull() ? null : inForce.asText();
    }
}
