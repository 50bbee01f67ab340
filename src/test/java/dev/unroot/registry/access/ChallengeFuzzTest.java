package dev.unroot.registry.access;

import static dev.unroot.fuzz.Fuzz.pick;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The header that tells where a token is to be had: a stranger's word on where to send a password. */
class ChallengeFuzzTest {
    static final List<String> SEEDS = List.of(
            "Bearer realm=\"https://auth.example/token\",service=\"registry.example\",scope=\"repository:a/b:pull\"",
            "Basic realm=x, Bearer realm=\"https://a\\\"b\", error=insufficient_scope",
            "Negotiate YIIB==, , Digest qop=\"auth, auth-int\"");
    private static final List<String> WORDS =
            List.of("Bearer ", "realm=", "\"", ",", "=", "\\", " ", "\t", "realm=\"http://169.254.169.254/\"", "\0");

    @Test
    void anyHeaderIsReadOrLeft() {
        Fuzz.mutate(
                10_000,
                SEEDS.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                ChallengeFuzzTest::parse);
    }

    static void parse(byte[] header) {
        String text = new String(header, StandardCharsets.ISO_8859_1);
        for (Challenge challenge : ChallengeParser.parse(text)) {
            assertThat(challenge.scheme()).matches("[!-~]+").isLowerCase();
            // Nothing is made up: what is a value stands in the header.
            challenge
                    .parameters()
                    .values()
                    .forEach(value -> assertThat(text.replace("\\", "")).contains(value.replace("\\", "")));
        }
    }

    @Test
    void whatIsWrittenByTheRulesIsReadAsItIs() {
        Fuzz.generate(10_000, random -> {
            List<Challenge> written = new ArrayList<>();
            StringBuilder header = new StringBuilder();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                Challenge challenge = challenge(random);
                header.append(header.length() == 0 ? "" : pick(random, ", ", ",", " ,\t, "));
                header.append(
                        pick(random, challenge.scheme(), challenge.scheme().toUpperCase(Locale.ROOT)));
                append(header, challenge.parameters(), random);
                written.add(challenge);
            }
            assertThat(ChallengeParser.parse(header.toString()))
                    .as(header.toString())
                    .isEqualTo(written);
        });
    }

    private static Challenge challenge(Random random) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            parameters.put(
                    pick(random, "realm", "service", "scope", "error"),
                    pick(random, "https://auth.example/token?a=b,c", "x", "", "a \"quoted\" \\ one", "Bearer realm=y"));
        }
        return new Challenge(pick(random, "bearer", "basic", "x-other"), parameters);
    }

    private static void append(StringBuilder header, Map<String, String> parameters, Random random) {
        String separator = " ";
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            String value = parameter.getValue();
            boolean token = value.equals("x") && random.nextBoolean();
            header.append(separator)
                    .append(parameter.getKey())
                    .append(pick(random, "=", " = "))
                    .append(token ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
            separator = pick(random, ",", ", ", " , ");
        }
    }
}
