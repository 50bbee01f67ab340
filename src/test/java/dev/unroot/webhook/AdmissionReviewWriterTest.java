package dev.unroot.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.review.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionReviewWriterTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIX =
            "Rebuild it with a numeric USER, or set securityContext.runAsUser to a uid it needs.";

    private static String text(Decision decision) {
        return new String(new AdmissionReviewWriter().write("u-1", decision), UTF_8);
    }

    private static JsonNode write(Decision decision) throws Exception {
        return JSON.readTree(text(decision));
    }

    private static Decision warning(List<String> warnings) {
        return new Decision(null, warnings, Map.of(), List.of());
    }

    private static List<String> warnings(List<String> given) throws Exception {
        List<String> written = new ArrayList<>();
        write(warning(given)).at("/response/warnings").forEach(warning -> written.add(warning.asText()));
        return written;
    }

    @Test
    void aPlainAllowIsShort() {
        assertThat(text(Decision.NOT_JUDGED))
                .isEqualTo("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\","
                        + "\"response\":{\"uid\":\"u-1\",\"allowed\":true}}");
    }

    @Test
    void aDenialIsForbiddenWithItsLinesKept() {
        assertThat(text(new Decision(
                        "one \"quoted\"\ntwo\u0007", List.of(), Map.of("enforce-policy", "nonroot"), List.of())))
                .isEqualTo("{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\","
                        + "\"response\":{\"uid\":\"u-1\",\"allowed\":false,"
                        + "\"status\":{\"code\":403,\"reason\":\"Forbidden\",\"message\":\"one \\\"quoted\\\"\\ntwo \"},"
                        + "\"auditAnnotations\":{\"enforce-policy\":\"nonroot\"}}}");
    }

    @Test
    void aHugeDenialIsCutBetweenLines() throws Exception {
        String line = "container \"web\" runs as root. " + FIX;
        String denial = IntStream.range(0, 1000).mapToObj(i -> line).collect(Collectors.joining("\n"));
        String message = write(new Decision(denial, List.of(), Map.of(), List.of()))
                .at("/response/status/message")
                .asText();

        List<String> lines = message.lines().toList();
        assertThat(message).hasSizeLessThan(ResponseLimits.LONGEST_DENIAL + 50);
        assertThat(lines.subList(0, lines.size() - 1)).containsOnly(line);
        assertThat(lines.get(lines.size() - 1)).isEqualTo("and " + (1000 - (lines.size() - 1)) + " more lines");
    }

    @Test
    void warningsAreOneLineOfPrintableText() throws Exception {
        assertThat(warnings(List.of("a\nb\tc\u0000d\u001b[31me\u202ef\ud800g ü 😀")))
                .containsExactly("a b c d [31me f g ü 😀");
    }

    @Test
    void warningsThatFitStayWhole() throws Exception {
        List<String> given = List.of("x".repeat(1000), "y".repeat(2000));
        assertThat(warnings(given)).isEqualTo(given);
    }

    @Test
    void warningsThatDoNotFitKeepTheirFix() throws Exception {
        List<String> given = IntStream.range(0, 40)
                .mapToObj(i -> "container \"c" + i + "\" runs as root: image registry.example/" + "long/".repeat(40)
                        + "app:1 sets no USER. " + FIX)
                .toList();

        List<String> written = warnings(given);

        List<String> kept = written.subList(0, written.size() - 1);
        assertThat(kept).hasSizeGreaterThan(8).allSatisfy(warning -> {
            assertThat(warning.codePointCount(0, warning.length())).isLessThanOrEqualTo(256);
            assertThat(warning).startsWith("container \"c").contains("…").endsWith(FIX);
        });
        assertThat(kept.get(0)).startsWith("container \"c0\"");
        assertThat(written.get(kept.size()))
                .isEqualTo(
                        "and " + (40 - kept.size()) + " more: unroot check -f FILE lists everything about a manifest");
        assertThat(written.stream().mapToInt(String::length).sum()).isLessThan(4096);
    }

    @Test
    void oneEndlessWarningIsShortened() throws Exception {
        assertThat(warnings(List.of("w".repeat(100_000))))
                .singleElement()
                .satisfies(warning -> assertThat(warning).hasSize(256));
    }

    @Test
    void annotationsHaveValidKeysAndBoundedValues() throws Exception {
        Map<String, String> given = Map.of(
                "audit-violations",
                "v".repeat(20_000),
                "error",
                "line\nfeed",
                "not a key",
                "x",
                "k".repeat(64),
                "x",
                "-dash",
                "x");

        JsonNode annotations =
                write(new Decision(null, List.of(), given, List.of())).at("/response/auditAnnotations");

        assertThat(annotations.properties()).extracting(Map.Entry::getKey).containsExactly("audit-violations", "error");
        assertThat(annotations.get("audit-violations").asText()).hasSize(8192).endsWith("…");
        assertThat(annotations.get("error").asText()).isEqualTo("line feed");
    }

    @Test
    void neverCutsACharacterInTwo() {
        String smileys = "😀".repeat(1000);
        for (int longest = 10; longest < 40; longest++) {
            assertThat(OneLine.of(smileys, longest)).doesNotContain(" ").hasSizeLessThanOrEqualTo(longest);
            assertThat(OneLine.of(OneLine.withoutMiddle(smileys, longest), longest))
                    .doesNotContain(" ");
        }
    }
}
