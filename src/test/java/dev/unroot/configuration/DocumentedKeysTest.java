package dev.unroot.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every key that the configuration file knows is on its page. The keys are asked of the reader itself. */
class DocumentedKeysTest {
    private static final String HEAD = "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n";
    private static final String UNKNOWN = "noSuchKey";

    @Test
    void everyKnownKeyIsOnThePage() throws IOException {
        String page = Files.readString(Path.of("docs/configuration.md"));
        List<String> keys = keys();
        assertThat(keys)
                .contains(
                        "floor",
                        "imageLookup.limits.waiting",
                        "imageLookup.registries.mirrors",
                        "workloads.custom.kind");
        assertThat(keys).allSatisfy(key -> {
            String name = Pattern.quote(key.substring(key.lastIndexOf('.') + 1));
            assertThat(page).containsPattern("(?<![\\w.])" + name + ":|`" + name + "`|[{,] ?" + name + "[,}]");
        });
    }

    /** The chart's schema refuses unknown keys before anything is installed, so it has to know them all. */
    @Test
    void everyKnownKeyIsInTheChartsSchema() throws IOException {
        JsonNode config = new ObjectMapper()
                .readTree(Path.of("charts/unroot/values.schema.json").toFile())
                .at("/properties/config");
        List<String> keys = keys();
        assertThat(keys).allSatisfy(key -> {
            JsonNode section = config;
            String[] path = key.split("\\.", -1);
            for (int i = 0; i < path.length; i++) {
                if (section.has("items")) {
                    section = section.get("items");
                }
                boolean isClosed = section.has("properties");
                if (isClosed) {
                    assertThat(section.path("additionalProperties").asBoolean(true))
                            .isFalse();
                    assertThat(section.path("properties").has(path[i])).isTrue();
                    section = section.path("properties").path(path[i]);
                }
            }
        });
    }

    /** All that the reader knows, {@code imageLookup.registries.host} for what is in each item of a list. */
    static List<String> keys() {
        List<String> keys = new ArrayList<>();
        collect("", "%s", keys);
        return keys;
    }

    /** @param around where in the file the section is, {@code imageLookup: {%s}} */
    private static void collect(String path, String around, List<String> into) {
        for (String key : known(around)) {
            if (key.equals("apiVersion") && path.isEmpty()) {
                continue;
            }
            into.add(path + key);
            collect(path + key + ".", around.replace("%s", key + ": {%s}"), into);
            collect(path + key + ".", around.replace("%s", key + ": [{%s}]"), into);
        }
    }

    /** The keys that are known at a place; none where it is no section, and where any key is anybody's. */
    private static List<String> known(String around) {
        try {
            ConfigurationFile.parse(HEAD + around.replace("%s", UNKNOWN + ": 1"), "unroot.yaml");
        } catch (ConfigurationException e) {
            Matcher told = Pattern.compile("unknown key [^ \n]*" + UNKNOWN + ": known are ([^\n]*)")
                    .matcher(String.valueOf(e.getMessage()));
            if (told.find()) {
                return List.of(told.group(1).split(", "));
            }
        }
        return List.of();
    }
}
