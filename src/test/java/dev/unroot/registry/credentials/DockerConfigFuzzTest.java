package dev.unroot.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.fuzz.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Docker configs, which are Secrets that anyone may have written: read in part, and never repeated in what is wrong. */
class DockerConfigFuzzTest {
    /** What is secret in the seeds; auth holds the first in base64. */
    private static final List<String> SECRETS = List.of("hunter2hunter2", "aHVudGVyMmh1bnRlcjI", "t0kent0ken");

    static final List<String> SEEDS = List.of(
            "{\"auths\":{\"registry.example\":{\"auth\":\"dXNlcjpodW50ZXIyaHVudGVyMg==\"},\"https://index.docker.io/v1/\":"
                    + "{\"username\":\"u\",\"password\":\"hunter2hunter2\"},\"*.example:5000/a\":{\"identitytoken\":"
                    + "\"t0kent0ken\"}},\"credHelpers\":{\"x.example\":\"ecr-login\"},\"credsStore\":\"pass\"}",
            "{\"registry.example\":{\"username\":\"u\",\"password\":\"hunter2hunter2\",\"email\":\"a@b\"}}");
    private static final List<String> WORDS = List.of(
            "\"auth\":",
            "\"Auth\":\"OmEK\"",
            "\"auths\":{",
            "null",
            "{",
            "}",
            ",",
            "[",
            "\"identitytoken\":\"\n\"",
            "\"\\ud800\"",
            "*",
            "[",
            ":",
            "\"registrytoken\":\"t0kent0ken\"");

    @Test
    void anyConfigIsReadOrRefusedWithoutItsSecrets() {
        Fuzz.mutate(
                10_000,
                SEEDS.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                DockerConfigFuzzTest::read);
    }

    static void read(byte[] json) {
        assertTellsNothing(() -> DockerConfigParser.configJson(json));
        assertTellsNothing(() -> DockerConfigParser.dockercfg(json));
    }

    private interface Reading {
        DockerConfig read() throws IOException;
    }

    private static void assertTellsNothing(Reading reading) {
        Stream<String> told;
        try {
            DockerConfig config = reading.read();
            told = Stream.concat(config.problems().stream(), Stream.of(config.toString()));
        } catch (IOException refused) {
            told = Stream.of(String.valueOf(refused.getMessage()), String.valueOf(refused.getCause()));
        }
        // A key is told, and a mutation may have made a secret one.
        told.map(line -> line.replaceAll("\"[^\"]*\"", "\"\""))
                .forEach(line -> assertThat(SECRETS).noneMatch(line::contains));
    }
}
