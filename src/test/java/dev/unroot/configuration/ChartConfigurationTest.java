package dev.unroot.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.chart.Chart;
import dev.unroot.chart.Rendered;
import dev.unroot.model.Level;
import dev.unroot.review.Modes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The configuration that the chart renders is one that Unroot reads, and means what the values say. */
class ChartConfigurationTest {
    static Stream<Path> matrix() {
        return Chart.matrix().stream();
    }

    @ParameterizedTest
    @MethodSource("matrix")
    void isRead(Path values) throws Exception {
        String text = Files.readString(values);
        assertThat(
                        text.contains("certificates:")
                                ? ConfigurationFile.parse(Chart.render(text).configuration(), "config.yaml")
                                : configuration(text))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "audit,   nonroot,  NONE,     NONE,     NONROOT",
        "audit,   explicit, NONE,     NONE,     EXPLICIT",
        "warn,    hardened, NONE,     HARDENED, HARDENED",
        "enforce, hardened, HARDENED, HARDENED, HARDENED"
    })
    void modeAndLevelMakeTheDefaults(String mode, String level, Level enforce, Level warn, Level audit)
            throws Exception {
        assertThat(configuration("mode: " + mode + "\nlevel: " + level + "\n")
                        .review()
                        .defaults())
                .isEqualTo(new Modes(enforce, warn, audit));
    }

    /** What is installed by who sets nothing denies nothing, and tells what hardened would deny. */
    @Test
    void auditAtLevelHardenedIsTheDefault() throws Exception {
        assertThat(configuration("").review().defaults()).isEqualTo(new Modes(Level.NONE, Level.NONE, Level.HARDENED));
    }

    @Test
    void configIsTakenAsItStands() throws Exception {
        Configuration configuration =
                configuration(Files.readString(Chart.FOLDER.resolve("ci/configuration-values.yaml")));

        assertThat(configuration.review().judging().exemptions().namespaces()).containsExactly("on");
        assertThat(configuration.review().judging().policy().relaxForUserNamespaces())
                .isFalse();
        assertThat(configuration.imageLookup().cache().timeout()).isEqualTo(Duration.ofSeconds(4));
        assertThat(configuration.imageLookup().cache().maxImages()).isEqualTo(5_000_000);
        assertThat(configuration.imageLookup().registries()).hasSize(1);
    }

    /** Each example of the page, but for what the chart writes itself. */
    @Test
    void whatThePageShowsIsTaken() throws Exception {
        Matcher example = Pattern.compile("(?ms)^```yaml\n(.*?)^```$")
                .matcher(Files.readString(Path.of("docs/configuration.md")));
        int seen = 0;
        while (example.find()) {
            String config = example.group(1)
                    .replaceAll("(?m)^(apiVersion|kind|defaults|namespaces): .*\n", "")
                    .replaceAll("(?m)^  pullSecrets: .*\n", "");
            assertThat(configuration("config:\n" + config.indent(2))
                            .imageLookup()
                            .cache()
                            .timeout())
                    .isEqualTo(Configuration.DEFAULT.imageLookup().cache().timeout());
            seen++;
        }
        assertThat(seen).isEqualTo(3);
    }

    /** A lookup that may take longer than the API server waits would be cut off every time. */
    @Test
    void apiServersWaitLongerThanALookupMayTake() {
        int timeout = Chart.render("")
                .one("ValidatingWebhookConfiguration")
                .at("/webhooks/0/timeoutSeconds")
                .asInt();
        assertThat(Duration.ofSeconds(timeout))
                .isGreaterThan(Configuration.DEFAULT.imageLookup().cache().timeout());
    }

    private static Configuration configuration(String values) throws ConfigurationException {
        Rendered rendered = Chart.render("certificates: {source: cert-manager}\n" + values);
        return ConfigurationFile.parse(rendered.configuration(), "config.yaml");
    }
}
