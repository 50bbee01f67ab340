package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.chart.Chart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Go modules that the end-to-end tests' control planes are built from: what they say, the docs say, too. */
class KubernetesModulesTest {
    private static final Path FOLDER = Path.of("src/e2e");
    private static final Pattern KUBERNETES = Pattern.compile("\tk8s.io/kubernetes v1\\.([0-9.]+)");
    private static final Pattern REPLACED = Pattern.compile("\t(k8s.io/\\S+) => (\\S+) v(\\S+)");

    private static String module(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name).resolve("go.mod"));
    }

    /** 28.15 for 1.28.15. */
    private static String version(String module) {
        List<String> versions = KUBERNETES
                .matcher(module)
                .results()
                .map(result -> result.group(1))
                .toList();
        assertThat(versions).hasSize(1);
        return versions.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-assets", "kube-assets-1.28"})
    void isOfOneVersionWhichTheInstallPageNames(String name) throws IOException {
        String module = module(name);
        String version = version(module);
        List<MatchResult> replaced = REPLACED.matcher(module).results().toList();
        assertThat(replaced).hasSizeGreaterThan(20).allSatisfy(result -> {
            assertThat(result.group(2)).isEqualTo(result.group(1));
            assertThat(result.group(3)).as(result.group(1)).isEqualTo("0." + version);
        });

        assertThat(Files.readAllLines(Path.of("docs/install.md")))
                .filteredOn(line -> line.startsWith("| Kubernetes |"))
                .singleElement()
                .asString()
                .contains(" 1." + version + ":");
    }

    /** Whoever raises the oldest version builds that one, and says so in {@code .ci/run}. */
    @Test
    void theOldIsTheOldestThatTheChartIsFor() throws IOException {
        String minor = Chart.OLDEST_KUBERNETES.substring(0, Chart.OLDEST_KUBERNETES.lastIndexOf('.'));

        assertThat("1." + version(module("kube-assets-" + minor))).startsWith(minor + ".");
        assertThat(Files.readString(Path.of(".ci/run"))).contains(".ci/kube-assets " + minor + " ");
    }
}
