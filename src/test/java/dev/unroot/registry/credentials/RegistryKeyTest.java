package dev.unroot.registry.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.model.ImageReference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryKeyTest {
    @ParameterizedTest(name = "{0} {2} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "registry.example              | registry.example/app              | matches",
                "https://registry.example      | registry.example/app              | matches",
                "http://registry.example/      | registry.example/app              | matches",
                "https://registry.example/v1/  | registry.example/app              | matches",
                "https://registry.example/v2/  | registry.example/app              | matches",
                "registry.example/v2/team      | registry.example/team/app         | matches",
                "registry.example/v2           | registry.example/app              | does not match",
                "registry.example/v2           | registry.example/v2/app           | matches",
                "user@registry.example         | registry.example/app              | matches",
                "registry.example/?a=b         | registry.example/app              | matches",
                "*.example                     | registry.example/app              | matches",
                "registry.*                    | registry.example/app              | matches",
                "reg*.example                  | registry.example/app              | matches",
                "*gist*.example                | registry.example/app              | matches",
                "reg*x.example                 | registry.example/app              | does not match",
                "*.*                           | registry.example/app              | matches",
                "*                             | registry.example/app              | does not match",
                "*                             | localhost/app                     | matches",
                "*.registry.example            | registry.example/app              | does not match",
                "*.example                     | a.registry.example/app            | does not match",
                "*.dkr.ecr.*.amazonaws.com     | 12.dkr.ecr.eu-1.amazonaws.com/app | matches",
                "node[1-3].example             | node2.example/app                 | matches",
                "node[1-3].example             | node4.example/app                 | does not match",
                "node[1-.example               | node1.example/app                 | does not match",
                "registry.example              | registry.example.evil.test/app    | does not match",
                "registry.example              | evil-registry.example/app         | does not match",
                "registry.example              | registryxexample.test/app         | does not match",
                "registry.example/team         | registry.example.evil.test/team/a | does not match",
                "registry.example:5000         | registry.example:5000/app         | matches",
                "registry.example              | registry.example:5000/app         | does not match",
                "registry.example:5000         | registry.example/app              | does not match",
                "registry.example:443          | registry.example/app              | does not match",
                "*.example:5000/team           | registry.example:5000/team/app    | matches",
                "registry.example/team         | registry.example/team/app         | matches",
                "registry.example/team/        | registry.example/team/app         | matches",
                "registry.example/team/        | registry.example/team             | does not match",
                "registry.example/team         | registry.example/team-b/app       | matches",
                "registry.example/team/        | registry.example/team-b/app       | does not match",
                "registry.example/*            | registry.example/team/app         | does not match",
                "[::1]:5000                    | [::1]:5000/app                    | matches",
                "[::1]:5000                    | [::1]/app                         | does not match",
                "docker.io                     | nginx                             | matches",
                "docker.io/library             | nginx                             | matches",
                "index.docker.io               | nginx                             | does not match",
            })
    void matchesAsTheKubeletDoes(String key, String image, String expected) {
        assertThat(RegistryKey.parse(key).matches(ImageReference.parse(image))).isEqualTo(expected.equals("matches"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https://", "/team", "a b", "registry.example:port", "a:b:1", "%41.example", "[::1]x"})
    void whatIsNoHostIsNoKey(String key) {
        assertThatThrownBy(() -> RegistryKey.parse(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("its key \"")
                .hasMessageEndingWith("is no registry's host");
    }

    @Test
    void aLongPatternTakesNoLongTime() {
        String stars = "*a".repeat(2_000) + "b.example";
        RegistryKey key = RegistryKey.parse(stars);
        assertThat(LabelGlob.matches(key.host().substring(0, 4_001), "a".repeat(10_000)))
                .isFalse();
    }

    @Test
    void findsTheMostSpecificFirstAndEqualOnesInOrder() {
        Keyring<String> keyring = keyring(
                "registry.example",
                "*.example",
                "registry.example/team",
                "https://registry.example/v1/",
                "registry.example/team/app",
                "other.example");
        assertThat(keyring.find(ImageReference.parse("registry.example/team/app:1")))
                .containsExactly(
                        "registry.example/team/app",
                        "registry.example/team",
                        "registry.example",
                        "https://registry.example/v1/",
                        "*.example");
    }

    @Test
    void anImageOfDockerHubFallsBackToItsIndex() {
        String index = "https://index.docker.io/v1/";
        assertThat(keyring(index).find(ImageReference.parse("nginx"))).containsExactly(index);
        assertThat(keyring(index).find(ImageReference.parse("docker.io/team/app")))
                .containsExactly(index);
        assertThat(keyring(index, "docker.io").find(ImageReference.parse("nginx")))
                .containsExactly("docker.io");
        assertThat(keyring(index).find(ImageReference.parse("registry.example/app")))
                .isEmpty();
        assertThat(keyring("index.docker.io/team").find(ImageReference.parse("docker.io/team/app")))
                .isEmpty();
    }

    private static Keyring<String> keyring(String... keys) {
        return new Keyring<>(List.of(keys).stream()
                .map(key -> new Keyring.Entry<>(RegistryKey.parse(key), key))
                .toList());
    }
}
