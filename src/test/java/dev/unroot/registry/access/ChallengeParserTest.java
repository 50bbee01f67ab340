package dev.unroot.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChallengeParserTest {

    @Test
    void readsWhatRegistriesSend() {
        assertThat(
                        ChallengeParser.parse(
                                "Bearer"
                                        + " realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\",scope=\"repository:library/nginx:pull,push\",error=\"invalid_token\""))
                .containsExactly(new Challenge(
                        "bearer",
                        Map.of(
                                "realm", "https://auth.docker.io/token",
                                "service", "registry.docker.io",
                                "scope", "repository:library/nginx:pull,push",
                                "error", "invalid_token")));
    }

    @Test
    void tellsParametersFromTheNextChallenge() {
        Challenge bearer = new Challenge("bearer", Map.of("realm", "https://a/", "service", "b"));
        Challenge basic = new Challenge("basic", Map.of("realm", "c"));
        for (String header : List.of(
                "Bearer realm=\"https://a/\", service=b, Basic realm=\"c\"",
                "Bearer realm=\"https://a/\",service=b,Basic realm=c",
                "  ,, BEARER  Realm = \"https://a/\" ,, Service=\tb ,\t, basic REALM=\"c\" ,",
                "Bearer ,realm=\"https://a/\",service=\"b\",Basic ,realm=c")) {
            assertThat(ChallengeParser.parse(header)).as(header).containsExactly(bearer, basic);
        }
    }

    @Test
    void readsSchemesWithoutParametersAndWithToken68() {
        assertThat(ChallengeParser.parse("Negotiate, NTLM, Negotiate YIIB/+==, Bearer realm=\"x\""))
                .containsExactly(
                        new Challenge("negotiate", Map.of()),
                        new Challenge("ntlm", Map.of()),
                        new Challenge("negotiate", Map.of()),
                        new Challenge("bearer", Map.of("realm", "x")));
    }

    @Test
    void readsQuotedStrings() {
        assertThat(ChallengeParser.parse("Bearer realm=\"a\\\"b\\\\c, d=\\e\", service=\"\""))
                .containsExactly(new Challenge("bearer", Map.of("realm", "a\"b\\c, d=e", "service", "")));
    }

    @Test
    void theFirstOfTwoParametersCounts() {
        assertThat(ChallengeParser.parse("Bearer realm=\"first\", realm=\"second\""))
                .containsExactly(new Challenge("bearer", Map.of("realm", "first")));
    }

    @Test
    void keepsWhatComesBeforeAMistake() {
        assertThat(ChallengeParser.parse("")).isEmpty();
        assertThat(ChallengeParser.parse("=")).isEmpty();
        assertThat(ChallengeParser.parse("Bearer realm=\"open")).isEmpty();
        assertThat(ChallengeParser.parse("Bearer\u0000realm=x")).isEmpty();
        assertThat(ChallengeParser.parse("Basic realm=\"ok\", Bearer realm=\"open"))
                .containsExactly(new Challenge("basic", Map.of("realm", "ok")));
    }

    /** What containerd and containers/image read of the same, but for a scope that is cut off. */
    @Test
    void keepsWhatComesBeforeAMistakeInAChallenge() {
        Challenge realmAlone = new Challenge("bearer", Map.of("realm", "https://a/"));
        for (String header : List.of(
                "Bearer realm=\"https://a/\"b",
                "Bearer realm=\"https://a/\" service=\"b\"",
                "Bearer realm=\"https://a/\",scope=repository:app:pull",
                "Bearer realm=\"https://a/\",scope=repository:app:pull,service=b",
                "Bearer realm=\"https://a/\",scope=\"open",
                "Bearer realm=\"https://a/\",service=")) {
            assertThat(ChallengeParser.parse(header).get(0).parameter("realm"))
                    .as(header)
                    .isEqualTo("https://a/");
            assertThat(ChallengeParser.parse(header).get(0).parameter("scope"))
                    .as(header)
                    .isEmpty();
        }
        assertThat(ChallengeParser.parse("Bearer realm=\"https://a/\",service=my registry,scope=\"x\""))
                .containsExactly(new Challenge("bearer", Map.of("realm", "https://a/", "service", "my")));
        assertThat(ChallengeParser.parse("Basic realm=Artifactory Realm"))
                .containsExactly(new Challenge("basic", Map.of("realm", "Artifactory")));
        assertThat(ChallengeParser.parse("Bearer realm=\"https://a/\" , =")).containsExactly(realmAlone);
    }

    @Test
    void findsAChallengeInAnyHeaderLine() {
        assertThat(Challenge.first("bearer", List.of("Basic realm=x", "bearer realm=y")))
                .isEqualTo(new Challenge("bearer", Map.of("realm", "y")));
        assertThat(Challenge.first("bearer", List.of("Basic realm=x"))).isNull();
    }

    @Test
    void endsOnAnyInputAndGivesNoMoreThanItsLength() {
        Random random = new Random(20_261_122);
        String alphabet = "Bearer basic=\",\\ \t;=~/+:x\u0000é";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(ChallengeParser.parse(text.toString()).size()).isLessThanOrEqualTo(text.length());
        }
        assertThat(ChallengeParser.parse("Bearer realm=\"" + "\\\"".repeat(100_000) + "\""))
                .hasSize(1);
    }
}
