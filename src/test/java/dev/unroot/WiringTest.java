package dev.unroot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.command.UsageException;
import dev.unroot.configuration.Configuration;
import dev.unroot.serve.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the commands make of the configuration: the level that {@code check} takes, exemptions, and what is refused. */
class WiringTest {
    private static final String HEAD = "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n";
    private static final String POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\n"
            + "spec: {containers: [{name: a, image: a, securityContext: {runAsUser: 1}}]}\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                              | nonroot",
                "'floor: hardened'                                               | hardened",
                "'defaults: {enforce: none}'                                     | none",
                "'defaults: {enforce: hardened}'                                 | hardened",
                "'namespaces: {shop: {enforce: explicit}}'                       | explicit",
                "'namespaces: {other: {enforce: explicit}}'                      | nonroot",
                "'defaults: {enforce: explicit}\nnamespaces: {shop: {enforce: none}}' | none",
                "'floor: nonroot\nnamespaces: {shop: {enforce: none}}'             | nonroot",
            })
    void checkTakesTheLevelThatIsWritten(String keys, String level) throws IOException {
        assertThat(subject(keys).get("level").asText()).isEqualTo(level);
    }

    /** As in a cluster: label, else what the file says of the namespace, else its default; and nothing under the floor. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unroot.dev/enforce: explicit | ''                                             | explicit",
                "unroot.dev/enforce: none     | ''                                             | none",
                "unroot.dev/enforce: none     | 'floor: hardened'                              | hardened",
                "unroot.dev/enforce: none     | 'defaults: {enforce: explicit}'                | none",
                "unroot.dev/enforce: hardened | 'namespaces: {shop: {enforce: none}}'          | hardened",
                "unroot.dev/warn: none        | 'namespaces: {shop: {enforce: explicit}}'      | explicit",
                "unroot.dev/warn: none        | 'defaults: {enforce: hardened}'                | hardened",
                "unroot.dev/warn: none        | ''                                             | nonroot",
            })
    void aNamespaceAmongWhatIsCheckedGoesBeforeTheConfiguration(String label, String keys, String level)
            throws IOException {
        Path namespace = Files.writeString(
                folder.resolve("namespace.yaml"),
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {" + label + "}}\n");
        Path manifest = Files.writeString(folder.resolve("pod.yaml"), POD);
        Path config = Files.writeString(folder.resolve("unroot.yaml"), HEAD + keys + "\n");
        TestCommandLine.Result result = run(
                "check",
                "-f",
                manifest.toString(),
                "-f",
                namespace.toString(),
                "--offline",
                "--output",
                "json",
                "--config",
                config.toString());
        assertThat(new ObjectMapper()
                        .readTree(result.out())
                        .at("/subjects/0/level")
                        .asText())
                .isEqualTo(level);
    }

    @Test
    void anExemptNamespaceIsAllowed() throws IOException {
        JsonNode subject = subject("exemptions: {namespaces: [shop]}\nfloor: explicit");
        assertThat(subject.get("allowed").asBoolean()).isTrue();
        assertThat(subject.get("exempt").asText()).isEqualTo("namespace");
    }

    @Test
    void aConfigurationThatCannotBeUsedIsToldWhole() throws IOException {
        TestCommandLine.Result result = check("flor: none\ndefaults: {warn: high}");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err())
                .contains("unroot.yaml:3: unknown key flor")
                .contains("unroot.yaml:4: defaults.warn: \"high\" is no level");
    }

    @Test
    void anImageLayoutThatIsNoneIsNamed() throws IOException {
        Path manifest = Files.writeString(folder.resolve("pod.yaml"), POD);
        TestCommandLine.Result result = run("check", "-f", manifest.toString(), "--images", folder.toString());
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("--images " + folder + ": it is no OCI image layout");
    }

    @Test
    void limitsAreForImagesInFilesToo() throws IOException {
        Path manifest = Files.writeString(
                folder.resolve("pod.yaml"),
                "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, image: \"registry.example/shop/app:2\"}]}\n");
        Path config =
                Files.writeString(folder.resolve("unroot.yaml"), HEAD + "imageLookup: {limits: {indexEntries: 1}}\n");
        String[] arguments = {
            "check", "-f", manifest.toString(), "--images", "manifests/images", "--config", config.toString()
        };
        assertThat(run(arguments).out()).contains("holds more than 1 entries in its index");
        Files.writeString(config, HEAD + "imageLookup: {limits: {layerEntries: 1}}\n");
        assertThat(run(arguments).out()).contains("could not be verified: ").contains("more than 1 ");
        Files.writeString(config, HEAD);
        assertThat(run(arguments).out()).doesNotContain("could not be verified");
    }

    @Test
    void aPodOfVeryManyContainersIsJudgedWithALayout() throws IOException {
        StringBuilder pod = new StringBuilder("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n");
        for (int i = 0; i < 600; i++) {
            pod.append("  - {name: c").append(i).append(", image: \"registry.example/shop/web:1\"}\n");
        }
        Path manifest = Files.writeString(folder.resolve("pod.yaml"), pod);
        TestCommandLine.Result result =
                run("check", "-f", manifest.toString(), "--images", "manifests/images", "--output", "json");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(new ObjectMapper()
                        .readTree(result.out())
                        .at("/subjects/0/findings")
                        .size())
                .isEqualTo(600);
    }

    @Test
    void serveRefusesABadConfigurationToo() throws IOException {
        Path config = Files.writeString(folder.resolve("unroot.yaml"), HEAD + "registries: []\n");
        TestCommandLine.Result result = run("serve", "--config", config.toString());
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err()).contains("unroot.yaml:3: unknown key registries");
    }

    @Test
    void aDockerConfigIsNamedByItsFolder() throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), "{}");
        assertThatThrownBy(() -> RegistryCredentials.ofPerson(
                        Configuration.DEFAULT.imageLookup(), Map.of("DOCKER_CONFIG", file.toString()), new Resources()))
                .isInstanceOf(UsageException.class)
                .hasMessage("environment variable DOCKER_CONFIG names a file, " + file
                        + ": set it to the folder that config.json is in");
    }

    private JsonNode subject(String keys) throws IOException {
        TestCommandLine.Result result = check(keys);
        assertThat(result.err()).isEmpty();
        return new ObjectMapper().readTree(result.out()).at("/subjects/0");
    }

    private TestCommandLine.Result check(String keys) throws IOException {
        Path manifest = Files.writeString(folder.resolve("pod.yaml"), POD);
        Path config = Files.writeString(folder.resolve("unroot.yaml"), HEAD + keys + "\n");
        return run("check", "-f", manifest.toString(), "--offline", "--output", "json", "--config", config.toString());
    }

    private static TestCommandLine.Result run(String... arguments) {
        return TestCommandLine.run(TestCommandLine.services(), arguments);
    }
}
