package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpellingTest {
    private static final List<String> WORDS = List.of("Pod", "DaemonSet", "ReplicaSet", "Deployment");

    @Test
    void findsTheWordThatWasMeant() {
        Map.of(
                        "Deployement", "Deployment",
                        "deploymnet", "Deployment",
                        "Deploy ment", "Deployment",
                        "DEPLOYMENT", "Deployment",
                        "Pods", "Pod",
                        "Po", "Pod",
                        "Pdo", "Pod",
                        "DeamonSet", "DaemonSet",
                        "RelicaSets", "ReplicaSet")
                .forEach((written, meant) ->
                        assertThat(Spelling.nearest(written, WORDS)).as(written).contains(meant));
    }

    @Test
    void aWordThatIsFarFromAllOfThemIsNone() {
        for (String word : List.of("", "Node", "P", "Job", "DeploymentConfig", "Deploy", "x".repeat(10_000_000))) {
            assertThat(Spelling.nearest(word, WORDS)).as("%.20s", word).isEmpty();
        }
    }

    @Test
    void theNearestIsTakenAndTheFirstOfSeveral() {
        assertThat(Spelling.nearest("amd46", List.of("arm64", "amd64"))).contains("amd64");
        assertThat(Spelling.nearest("abcx", List.of("abca", "abcb"))).contains("abca");
    }
}
