package dev.unroot.registry.documents;

import static dev.unroot.fuzz.Fuzz.pick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.unroot.fuzz.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Image configurations with keys in every letter case, several times over, null, and of wrong types. */
class ImageConfigFuzzTest {
    static final List<String> SEEDS = List.of(
            "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"1000\"},"
                    + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + Digest.of(new byte[0]) + "\"]}}",
            "{\"config\":{\"User\":\"0\",\"user\":null},\"Config\":null}");
    private static final List<String> WORDS = List.of(
            "\"user\":", "\"U\\u0073er\":", "\"0\"", "null", "{", "}", "[", "]", ",", "\"config\":{", "\\ud800");

    @Test
    void theUserIsTheLastOneWrittenWhateverItsLetterCase() {
        Fuzz.generate(20_000, random -> {
            Written written = new Written(random);
            byte[] json = written.json.getBytes(StandardCharsets.UTF_8);
            if (written.user == null) {
                assertThatCode(() -> ImageConfig.parse(json)).as(written.json).isInstanceOf(IOException.class);
            } else {
                assertThat(ImageConfig.parse(json).user()).as(written.json).isEqualTo(written.user);
            }
        });
    }

    @Test
    void anythingElseIsMalformed() {
        Fuzz.mutate(
                5_000,
                SEEDS.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                ImageConfigFuzzTest::parse);
    }

    static void parse(byte[] json) {
        try {
            ImageConfig config = ImageConfig.parse(json);
            assertThat(config.diffIds()).allMatch(digest -> Digest.isDigest(digest.toString()));
        } catch (IOException malformed) {
            assertThat(GoJson.describe(malformed)).isNotBlank();
        }
    }

    /** A configuration, and the user that Go reads: null where it reads none for an error. */
    private static final class Written {
        private final Random random;
        private @Nullable String user = "";
        private final String json;

        Written(Random random) {
            this.random = random;
            StringBuilder text = new StringBuilder("{\"os\":\"linux\"");
            for (int members = random.nextInt(5); members > 0; members--) {
                text.append(',').append(member());
            }
            json = text.append('}').toString();
        }

        private String member() {
            return switch (random.nextInt(6)) {
                case 0 -> "\"container_config\":{\"User\":\"5\"}";
                case 1 -> "\"config\":null";
                case 2 -> "\"User\":\"6\"";
                default -> quoted("config") + ":" + config();
            };
        }

        private String config() {
            if (random.nextInt(30) == 0) {
                user = null;
                return pick(random, "[]", "\"1\"", "7", "true");
            }
            StringBuilder text = new StringBuilder("{\"Env\":[]");
            for (int users = random.nextInt(4); users > 0; users--) {
                text.append(',').append(quoted("user")).append(':').append(value());
            }
            return text.append('}').toString();
        }

        private String value() {
            switch (random.nextInt(12)) {
                case 0:
                    return "null";
                case 1:
                    user = null;
                    return pick(random, "0", "{}", "[\"0\"]", "false");
                default:
                    String value = pick(random, "0", "1000", "root", "app", "");
                    user = user == null ? null : value;
                    return '"' + value + '"';
            }
        }

        /** The key in any letter case, with letters that Go folds to ASCII ones, or escaped. */
        private String quoted(String key) {
            StringBuilder text = new StringBuilder("\"");
            for (char c : key.toCharArray()) {
                switch (random.nextInt(4)) {
                    case 0 -> text.append(Character.toUpperCase(c));
                    case 1 -> text.append(String.format("\\u%04x", (int) c));
                    case 2 -> text.append(c == 's' ? '\u017f' : c);
                    default -> text.append(c);
                }
            }
            return text.append('"').toString();
        }
    }
}
