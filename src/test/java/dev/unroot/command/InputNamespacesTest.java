package dev.unroot.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.ImageUser;
import dev.unroot.model.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Namespace among what is checked says what is required of the objects in it, as it will once both are applied. */
class InputNamespacesTest {
    /** Fine at nonroot, and denied at explicit. */
    private static final String PLAIN = pod("shop", "user:1");

    private static final String ROOT = pod("shop", "root:1");

    @TempDir
    Path directory;

    private final FakeServices services = new FakeServices()
            .image("root:1", new ImageUser.Unset("", 0L))
            .image("user:1", new ImageUser.Numeric("1000", 1000L, 1000L));

    private static String pod(String namespace, String image) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: app, namespace: %s}
                spec: {containers: [{name: app, image: "%s"}]}
                """.formatted(namespace, image);
    }

    private static String namespace(String name, String label) {
        return """
                apiVersion: v1
                kind: Namespace
                metadata: {name: %s, labels: {%s}}
                """.formatted(name, label);
    }

    /** Each text in a file of its own. */
    private Run check(List<String> options, String... texts) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("check"));
        for (int i = 0; i < texts.length; i++) {
            Path file = Files.writeString(directory.resolve("file-" + i + ".yaml"), texts[i]);
            arguments.addAll(List.of("-f", file.toString()));
        }
        arguments.addAll(options);
        return Run.of(services, arguments.toArray(String[]::new));
    }

    private Run check(String... texts) throws IOException {
        return check(List.of(), texts);
    }

    @Test
    void itCountsBeforeAndBehindAndInAnotherFile() throws IOException {
        String explicit = namespace("shop", "unroot.dev/enforce: explicit");

        assertThat(check(PLAIN).status()).isZero();
        for (Run run : List.of(
                check(explicit + "---\n" + PLAIN),
                check(PLAIN + "---\n" + explicit),
                check(PLAIN, explicit),
                check(explicit, PLAIN))) {
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).contains("Pod shop/app (explicit)");
        }
    }

    @Test
    void itCountsOutOfAList() throws IOException {
        String list = """
                apiVersion: v1
                kind: List
                items:
                  - apiVersion: v1
                    kind: Pod
                    metadata: {name: app, namespace: shop}
                    spec: {containers: [{name: app, image: "user:1"}]}
                  - apiVersion: v1
                    kind: Namespace
                    metadata: {name: shop, labels: {unroot.dev/enforce: explicit}}
                """;
        String namespaces = """
                apiVersion: v1
                kind: NamespaceList
                items: [{metadata: {name: shop, labels: {unroot.dev/enforce: explicit}}}]
                """;
        assertThat(check(list).out()).contains("Pod shop/app (explicit)");
        assertThat(check(PLAIN, namespaces).out()).contains("Pod shop/app (explicit)");
    }

    @Test
    void noneCountsToo() throws IOException {
        assertThat(check(ROOT).status()).isEqualTo(1);
        Run run = check(namespace("shop", "unroot.dev/enforce: none"), ROOT);
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Pod shop/app (none)");
    }

    @Test
    void itCountsForNobodyElse() throws IOException {
        String none = namespace("shop", "unroot.dev/enforce: none");
        String unnamed =
                "apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec: {containers: [{image: \"root:1\"}]}\n";

        assertThat(check(none, pod("blog", "root:1")).status()).isEqualTo(1);
        assertThat(check(none, unnamed).status()).isEqualTo(1);
        assertThat(check(none.replace("apiVersion: v1", "apiVersion: example.com/v1"), ROOT)
                        .status())
                .isEqualTo(1);
    }

    /** No API server takes it, and an object that writes it is in no namespace or in none that can be. */
    @Test
    void oneWhoseNameCannotBeCountsForNothing() throws IOException {
        for (String name : List.of("\"\"", "Shop", "shop.a", "\"-a\"")) {
            Run run = check(
                    "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name
                            + ", labels: {unroot.dev/enforce: none}}\n",
                    "apiVersion: v1\nkind: Pod\nmetadata: {name: app, namespace: " + name
                            + "}\nspec: {containers: [{name: app, image: \"root:1\"}]}\n");
            assertThat(run.status()).as(name).isEqualTo(1);
        }
    }

    @Test
    void whatEnforcesNothingLeavesTheLevelAsItWas() throws IOException {
        services.level("shop", Level.EXPLICIT);
        for (String label : List.of("", "unroot.dev/warn: none", "pod-security.kubernetes.io/enforce: privileged")) {
            assertThat(check(namespace("shop", label), PLAIN).out()).contains("(explicit)");
        }
        assertThat(check(namespace("shop", "unroot.dev/enforce: nonroot"), PLAIN)
                        .out())
                .contains("(nonroot)");
    }

    /** An overlay for each environment, checked together. */
    @Test
    void ofSeveralByOneNameTheStrictestCounts() throws IOException {
        String loose = namespace("shop", "unroot.dev/enforce: none");
        String strict = namespace("shop", "unroot.dev/enforce: explicit");

        assertThat(check(loose, strict, PLAIN).out()).contains("(explicit)");
        assertThat(check(strict, loose, PLAIN).out()).contains("(explicit)");
    }

    @Test
    void theOptionGoesBeforeIt() throws IOException {
        assertThat(check(List.of("--level", "nonroot"), namespace("shop", "unroot.dev/enforce: explicit"), PLAIN)
                        .status())
                .isZero();
        assertThat(check(List.of("--level", "nonroot"), namespace("shop", "unroot.dev/enforce: none"), ROOT)
                        .status())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "unroot.dev/enforce: Explicit, unroot.dev/enforce is \"Explicit\"",
        "unroot.dev/warn: high, unroot.dev/warn is \"high\"",
        "unroot.dev/audit: '', unroot.dev/audit is \"\"",
        "unroot.dev/audit: null, unroot.dev/audit is \"\"",
    })
    void whatTheWebhookRefusesIsAnError(String label, String message) throws IOException {
        for (List<String> options : List.of(List.<String>of(), List.of("--level", "nonroot"))) {
            Run run = check(options, namespace("shop", label), pod("blog", "user:1"));
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err())
                    .contains("file-0.yaml:1: label " + message
                            + ", which is no level: write none, nonroot, hardened or explicit\n");
        }
    }

    /** As the webhook reads it where it is there already: a typing error opens no namespace. */
    @Test
    void whatIsInItIsThenJudgedByTheStrictest() throws IOException {
        Run run = check(namespace("shop", "unroot.dev/enforce: nonrot"), PLAIN);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).contains("denied").contains("Pod shop/app (explicit)");
    }

    @Test
    void whatMeansNothingIsTold() throws IOException {
        Run run = check(namespace("shop", "unroot.dev/enfroce: explicit"), PLAIN);
        assertThat(run.status()).isZero();
        assertThat(run.err())
                .endsWith(
                        "file-0.yaml:1: label unroot.dev/enfroce means nothing to Unroot: it knows unroot.dev/enforce,"
                                + " unroot.dev/warn and unroot.dev/audit\n");
    }
}
