package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.common.Deadline;
import dev.unroot.configuration.Configuration;
import dev.unroot.manifest.PodTemplates;
import dev.unroot.model.Level;
import dev.unroot.registry.documents.Limits;
import dev.unroot.review.Decision;
import dev.unroot.review.ReviewListener;
import dev.unroot.review.Reviewer;
import dev.unroot.serve.Resources;
import dev.unroot.webhook.AdmissionReviewReader;
import dev.unroot.webhook.AdmissionReviewWriter;
import dev.unroot.webhook.ReceivedReview;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code serve --standalone} answers the README's reviews as the README shows it, but for the line breaks. */
class ReadmeAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern REVIEW_AND_ANSWER = Pattern.compile(
            "-d @(manifests/reviews/[a-z]+\\.json) https://127\\.0\\.0\\.1:8443/validate\\n```\\n\\n```json\\n(.*?)```",
            Pattern.DOTALL);

    @Test
    void theAnswersAreTheOnesShown() throws Exception {
        List<MatchResult> shown = REVIEW_AND_ANSWER
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .toList();
        assertThat(shown).hasSize(2);
        Resources resources = new Resources();
        try {
            Reviewer reviewer = new Reviewer(
                    Configuration.DEFAULT.enforcing(Level.NONROOT).review(),
                    (namespace, deadline) -> CompletableFuture.completedFuture(Map.of()),
                    Images.layout(Path.of("manifests/images"), Limits.DEFAULT, resources),
                    ReviewListener.NONE);
            for (MatchResult answer : shown) {
                assertThat(ask(reviewer, Path.of(answer.group(1))))
                        .isEqualTo(JSON.readTree(answer.group(2)).toString());
            }
        } finally {
            resources.close();
        }
    }

    private static String ask(Reviewer reviewer, Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        ReceivedReview review = new AdmissionReviewReader(PodTemplates.BUILT_IN).read(bytes, bytes.length);
        Decision decision = reviewer.review(review.request(), Deadline.in(Duration.ofSeconds(60)))
                .toCompletableFuture()
                .get(90, TimeUnit.SECONDS);
        return JSON.readTree(new AdmissionReviewWriter().write(review.uid(), decision))
                .toString();
    }
}
