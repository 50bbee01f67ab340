package dev.unroot.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroot.chart.Chart;
import dev.unroot.model.Level;
import dev.unroot.model.NodePlatform;
import dev.unroot.model.UnknownCause;
import dev.unroot.review.OnUnverified;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chart's schema has lists and forms of the configuration file over again, so that a mistake ends an install before
 * there is a webhook that nobody answers for. What the reader accepts, the schema accepts, and the other way round where a
 * schema can tell.
 */
class ConfigurationSchemaTest {
    private static final String HEAD = "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n";
    /** Wide enough for every duration here, which are compared with these. */
    private static final String ROOM = "terminationGracePeriodSeconds: 4000\nwebhook: {timeoutSeconds: 30}\n";

    private static JsonNode schema() throws IOException {
        return new ObjectMapper()
                .readTree(Path.of("charts/unroot/values.schema.json").toFile());
    }

    @Test
    void levelsReactionsAndCausesAreTheReadersOwn() throws IOException {
        JsonNode schema = schema();
        List<String> levels = Arrays.stream(Level.values()).map(Level::label).toList();
        assertThat(texts(schema.at("/properties/config/properties/floor/enum"))).containsExactlyElementsOf(levels);
        assertThat(texts(schema.at("/$defs/level/enum"))).containsExactlyElementsOf(levels.subList(1, levels.size()));
        assertThat(texts(schema.at("/$defs/reaction/enum")))
                .containsExactlyElementsOf(Arrays.stream(OnUnverified.values())
                        .map(OnUnverified::label)
                        .toList());
        List<String> causes = new ArrayList<>();
        schema.at("/properties/config/properties/imageLookup/properties/onUnverified/properties")
                .fieldNames()
                .forEachRemaining(causes::add);
        assertThat(causes)
                .containsExactlyElementsOf(Stream.concat(
                                Arrays.stream(UnknownCause.values()).map(UnknownCause::label), Stream.of("default"))
                        .toList());
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    @Test
    void platformsAreThoseOfNodes() throws IOException {
        Pattern pattern = Pattern.compile(schema().at("/$defs/platform/pattern").asText());
        List<String> names = new ArrayList<>(NodePlatform.names());
        for (String system : List.of("linux", "windows", "darwin", "Linux", "")) {
            for (String architecture :
                    List.of("x86_64", "x86-64", "aarch64", "i386", "amd46", "arm", "arm64", "386", "wasm", "")) {
                names.add(system + "/" + architecture);
            }
        }
        assertThat(names).allSatisfy(name -> {
            for (String variant : List.of("", "/v7", "/V7", "/", "/v7/v8")) {
                assertThat(pattern.matcher(name + variant).matches())
                        .as(name + variant)
                        .isEqualTo(isRead("imageLookup: {platforms: ['" + name + variant + "']}"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'0'",
                "0",
                "0s",
                "5",
                "5s",
                "'5 s'",
                "1m30s",
                "1.5h",
                "1.s",
                ".5s",
                "500ms",
                "10us",
                "10µs",
                "10ns",
                "7d",
                "5S",
                "-5s",
                "''",
                "soon",
                "true",
                "[5s]",
                "1234567890123s",
                "0.0000000001s"
            })
    void durationsHaveOneForm(String duration) {
        for (String key :
                List.of("timeout: %s", "advisoryWait: %s", "cache: {tagTtl: %s}", "cache: {staleIfError: %s}")) {
            assertSame("imageLookup: {" + key.formatted(duration) + "}");
        }
        assertNothingMore("shutdown: {drainDelay: " + duration + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exemptions: {namespaces: [shop]}",
                "exemptions: {namespaces: ['0']}",
                "exemptions: {namespaces: ['team-*']}",
                "exemptions: {namespaces: [a.b]}",
                "exemptions: {namespaces: [a-]}",
                "exemptions: {namespaces: ['']}",
                "exemptions: {usernames: ['system:serviceaccount:ci:builder', 'a b', 'é']}",
                "exemptions: {usernames: [' a']}",
                "exemptions: {usernames: ['']}",
                "exemptions: {runtimeClasses: [kata.fast]}",
                "exemptions: {runtimeClasses: [Kata]}",
                "exemptions: {runtimeClasses: [a..b]}",
                "userNamespaces: loose",
                "imageLookup: {onUnverified: warn}",
                "imageLookup: {onUnverified: ignore}",
                "imageLookup: {onUnverified: {timeout: allow, default: deny}}",
                "imageLookup: {onUnverified: {timout: allow}}",
                "imageLookup: {onUnverified: {timeout: never}}",
                "imageLookup: {platforms: []}",
                "imageLookup: {dockerConfig: /etc/unroot/config.json}",
                "imageLookup: {dockerConfig: ''}",
                "imageLookup: {dockerConfig: 'https://example.org/config.json'}",
                "imageLookup: {cache: {maxImages: '+5'}}",
                "imageLookup: {cache: {maxImages: 2.5}}",
                "imageLookup: {limits: {layers: '7'}}",
                "imageLookup: {limits: {layers: 1Ki}}",
                "imageLookup: {limits: {layerBytes: 0.5Gi}}",
                "imageLookup: {limits: {layerBytes: 1_000M}}",
                "imageLookup: {limits: {layerBytes: 1gi}}",
                "imageLookup: {registries: [{host: 'registry.example:5000', plainHttp: true, allowPrivate: 'false'}]}",
                "imageLookup: {registries: [{host: '[::1]:5000'}]}",
                "imageLookup: {registries: [{host: 'https://registry.example'}]}",
                "imageLookup: {registries: [{host: registry.example/team}]}",
                "imageLookup: {registries: [{host: r.example, plainHttp: perhaps}]}",
                "imageLookup: {registries: [{host: r.example, clientCertFile: /tls.crt}]}",
                "imageLookup: {registries: [{host: r.example, tokenServices: ['login.example/x']}]}",
                "imageLookup: {proxy: {url: 'http://proxy.example:3128', noProxy: [.example]}}",
                "imageLookup: {proxy: {noProxy: [.example]}}",
            })
    void valuesAreTheReadersOwn(String config) {
        assertSame(config);
    }

    /** Every number that has bounds in the schema has the same in the reader. */
    @Test
    void numbersHaveTheSameBounds() throws IOException {
        JsonNode imageLookup = schema().at("/properties/config/properties/imageLookup/properties");
        int seen = 0;
        for (String section : List.of("cache", "limits")) {
            for (var key : imageLookup.at("/" + section + "/properties").properties()) {
                if (key.getValue().has("minimum")) {
                    String config = "imageLookup: {" + section + ": {" + key.getKey() + ": %d}}";
                    long least = key.getValue().path("minimum").asLong();
                    long most = key.getValue().path("maximum").asLong();
                    assertThat(isRead(config.formatted(least)))
                            .as(config, least)
                            .isTrue();
                    assertThat(isRead(config.formatted(least - 1)))
                            .as(config, least - 1)
                            .isFalse();
                    assertThat(isRead(config.formatted(most))).as(config, most).isTrue();
                    assertThat(isRead(config.formatted(most + 1)))
                            .as(config, most + 1)
                            .isFalse();
                    seen++;
                }
            }
        }
        assertThat(ConfigurationKeysTest.numbers())
                .contains("imageLookup.cache.maxImages", "imageLookup.limits.waiting")
                .hasSize(seen);
    }

    private static void assertSame(String config) {
        assertThat(isRendered(config)).as(config).isEqualTo(isRead(config));
    }

    /** For a schema that cannot tell all. */
    private static void assertNothingMore(String config) {
        assertThat(isRendered(config) || !isRead(config)).as(config).isTrue();
    }

    private static boolean isRead(String config) {
        try {
            ConfigurationFile.parse(HEAD + config, "unroot.yaml");
            return true;
        } catch (ConfigurationException e) {
            return false;
        }
    }

    private static boolean isRendered(String config) {
        try {
            Chart.render(ROOM + "config: {" + config + "}\n");
            return true;
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("at '/config/");
            return false;
        }
    }
}
