package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.unroot.manifest.TypeMeta;
import dev.unroot.review.AdmissionRequest;
import dev.unroot.review.Decision;
import dev.unroot.review.Mode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DecisionLogTest {
    private static final Decision DENIED = new Decision(
            "container \"web\" runs as root.\nSecond line.",
            List.of(),
            Map.of(),
            List.of(new Decision.Evaluation(Mode.ENFORCE, dev.unroot.model.Level.HARDENED, Decision.Outcome.DENY)));

    private static ReceivedReview review(String name) {
        AdmissionRequest request = new AdmissionRequest(
                new TypeMeta("v1", "Pod"),
                "pods",
                "ephemeralcontainers",
                "shop",
                "UPDATE",
                "jane\u001b[31m",
                List.of("system:masters"),
                null,
                null,
                false);
        return new ReceivedReview("u-1", name, true, request);
    }

    private static List<ILoggingEvent> logged(Level level, Decision... decisions) {
        try (LogCapture capture = new LogCapture(level)) {
            capture.start();
            Stream.of(decisions).forEach(decision -> new DecisionLog().decided(review("web"), decision, 1_234_567));
            return List.copyOf(capture.events());
        }
    }

    @Test
    void aDenialIsOneLineAtInfo() {
        List<ILoggingEvent> events = logged(Level.INFO, DENIED);

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLevel()).isEqualTo(Level.INFO);
            assertThat(event.getFormattedMessage()).isEqualTo("denied");
            assertThat(LogCapture.values(event))
                    .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                            Map.entry("uid", "u-1"),
                            Map.entry("operation", "UPDATE"),
                            Map.entry("resource", "pods/ephemeralcontainers"),
                            Map.entry("namespace", "shop"),
                            Map.entry("name", "web"),
                            Map.entry("user", "jane [31m"),
                            Map.entry("dryRun", true),
                            Map.entry("allowed", false),
                            Map.entry("enforce", "hardened"),
                            Map.entry("milliseconds", 1.234),
                            Map.entry("denial", "container \"web\" runs as root. Second line.")));
        });
    }

    @Test
    void aPlainAllowIsLoggedAtDebugOnly() {
        Decision warned = new Decision(null, List.of("a warning"), Map.of(), List.of());
        assertThat(logged(Level.INFO, Decision.NOT_JUDGED, warned)).isEmpty();
        assertThat(logged(Level.DEBUG, Decision.NOT_JUDGED, warned))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getFormattedMessage()).isEqualTo("allowed"));
    }

    @Test
    void anAllowWithAnErrorIsLoggedAtInfo() {
        Decision decision = new Decision(null, List.of(), Map.of("error", "namespace x could not be read"), List.of());
        assertThat(logged(Level.INFO, decision))
                .singleElement()
                .satisfies(event ->
                        assertThat(LogCapture.values(event)).containsEntry("error", "namespace x could not be read"));
    }

    @Test
    void whatAnOldAnswerLetThroughIsLoggedAtInfo() {
        Decision decision =
                new Decision(null, List.of(), Map.of("stale-images", "container \"web\" is judged by"), List.of());
        assertThat(logged(Level.INFO, decision)).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).isEqualTo("allowed");
            assertThat(LogCapture.values(event)).containsEntry("stale", "container \"web\" is judged by");
        });
    }

    @Test
    void namesAreBounded() {
        try (LogCapture capture = new LogCapture(Level.INFO)) {
            capture.start();
            new DecisionLog().decided(review("n".repeat(100_000)), DENIED, 1);
            assertThat(LogCapture.values(capture.events().get(0)).get("name"))
                    .asString()
                    .hasSize(253);
        }
    }
}
