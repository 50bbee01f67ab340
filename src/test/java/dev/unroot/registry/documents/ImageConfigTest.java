package dev.unroot.registry.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.model.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected values were taken from Go 1.26 {@code encoding/json} reading image-spec 1.1.1 {@code v1.Image}. */
class ImageConfigTest {
    private static String user(String json) throws IOException {
        return ImageConfig.parse(json.getBytes(StandardCharsets.UTF_8)).user();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'config':{'User':'1000'}}                                   | 1000",
                "{'config':{'User':'1000','user':'0'}}                        | 0",
                "{'config':{'user':'0','User':'1000'}}                        | 1000",
                "{'CONFIG':{'uSeR':'7'}}                                      | 7",
                "{'config':{'User':'1000','u\u017fer':'0'}}                   | 0",
                "{'config':{'User':'1000','u\\u017fer':'0'}}                  | 0",
                "{'config':{'User':'1000'},'config':{}}                       | 1000",
                "{'config':{'User':'1000'},'Config':{'Env':['a']}}            | 1000",
                "{'config':{'User':'1000'},'CONFIG':{'USER':'0'}}             | 0",
                "{'config':{'User':'1000'},'config':null}                     | 1000",
                "{'config':{'User':'1000','User':null}}                       | 1000",
                "{'config':{'User':'1000'},'container_config':{'User':'0'}}   | 1000",
                "{'config':{'Labels':{'User':'0'},'User':'5'},'User':'0'}     | 5",
                "{'history':[{'config':{'User':'0'}}],'config':{'User':'5'}}  | 5",
            })
    void theUserIsTheOneGoWouldRead(String json, String expected) throws IOException {
        assertThat(user(json.replace('\'', '"'))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"config\":null}",
                "{\"config\":{}}",
                "{\"config\":{\"User\":null}}",
                "{\"config\":{\"User\":\"1000\"},\"CONFIG\":{\"USER\":\"\"}}",
                "{\"config\":{\"Us\\ud800er\":\"5\"}}"
            })
    void withoutOneItIsEmpty(String json) throws IOException {
        assertThat(user(json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "5",
                "\"x\"",
                "{\"config\":[]}",
                "{\"config\":\"x\"}",
                "{\"config\":{\"User\":5}}",
                "{\"config\":{\"User\":[\"5\"]}}",
                "{\"config\":{\"User\":true}}",
                "{\"config\":{\"User\":\"1\",\"user\":5}}",
                "{\"os\":5,\"config\":{\"User\":\"1000\"}}",
                "{\"config\":{\"User\":\"1\"}} x",
                "{\"config\":{\"User\":\"1\"}}{}",
                "\ufeff{}",
                "{\"config\":{\"User\":\"a\tb\"}}",
                "{\"config\":{\"User\":\"a\\qb\"}}",
                "{\"config\":{\"User\":'a'}}",
                "{\"config\":{\"User\":\"a\"},}",
                "{\"config\":{\"User\":\"1000\"}",
                "{config:{}}",
                "// x\n{}",
                "{\"rootfs\":{\"diff_ids\":[\"sha256:a\"]}}",
                "{\"rootfs\":{\"diff_ids\":[null]}}"
            })
    void whatGoCannotReadIsMalformed(String json) {
        assertThatThrownBy(() -> user(json)).isInstanceOf(IOException.class);
    }

    @Test
    void bytesThatAreNoUtf8BecomeOneReplacementCharacterEach() throws IOException {
        assertThat(user("{\"config\":{\"User\":\"\\ud800x\"}}")).isEqualTo("\ufffdx");
        assertThat(user("{\"config\":{\"User\":\"\\ud83d\\ude00\"}}")).isEqualTo("\ud83d\ude00");
        assertThat(user("{\"config\":{\"User\":\"\\ud83d\\ud83d\\ude00\"}}")).isEqualTo("\ufffd\ud83d\ude00");
        assertThat(userOfBytes(0xe2, 0x82)).isEqualTo("\ufffd\ufffd");
        assertThat(userOfBytes(0xed, 0xa0, 0x80)).isEqualTo("\ufffd\ufffd\ufffd");
        assertThat(userOfBytes(0xff)).isEqualTo("\ufffd");
        assertThat(userOfBytes(0xc3, 0xa4)).isEqualTo("ä");
    }

    private static String userOfBytes(int... user) throws IOException {
        StringBuilder latin = new StringBuilder();
        for (int b : user) {
            latin.append((char) b);
        }
        String json = "{\"config\":{\"User\":\"" + latin + "\"}}";
        return ImageConfig.parse(json.getBytes(StandardCharsets.ISO_8859_1)).user();
    }

    @Test
    void thePlatformIsReadByTheSameRules() throws IOException {
        String json = "{\"o\u017f\":\"windows\",\"OS\":\"linux\",\"Architecture\":\"arm\",\"varianT\":\"v7\"}";

        assertThat(ImageConfig.parse(json.getBytes(StandardCharsets.UTF_8)).platform())
                .isEqualTo(new Platform("linux", "arm", "v7"));
    }

    @Test
    void theUnpackedLayersAreListedOnce() {
        String digest = "sha256:" + "a".repeat(64);
        String list = "\"diff_ids\":[\"" + digest + "\"]";

        assertThatThrownBy(() -> user("{\"rootfs\":{" + list + "," + list.replace("ids", "id\u017f") + "}}"))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aDeepNestIsAnErrorAndNoOverflow() {
        String json = "{\"a\":" + "[".repeat(200_000);

        assertThatThrownBy(() -> user(json)).isInstanceOf(IOException.class);
    }
}
