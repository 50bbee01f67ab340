package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "app", "a b~!#$%", "bücher", "アプリ", "🐳"})
    void textThatAPersonCanReadStays(String text) {
        assertThat(Text.plain(text)).isEqualTo(text);
        assertThat(Text.quote(text)).isEqualTo('"' + text + '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1b | \\u{1b}",
                "00 | \\u{0}",
                "07 | \\u{7}",
                "7f | \\u{7f}",
                "85 | \\u{85}",
                "0a | \\n",
                "0d | \\r",
                "09 | \\t",
                "22 | \\\"",
                "5c | \\\\",
                "202e | \\u{202e}",
                "200b | \\u{200b}",
                "2028 | \\u{2028}",
                "feff | \\u{feff}",
                "e0041 | \\u{e0041}",
                "e000 | \\u{e000}",
                "d800 | \\u{d800}",
            })
    void whatATerminalObeysOrHidesIsEscaped(String codePoint, String escaped) {
        String text = "a" + Character.toString(Integer.parseInt(codePoint, 16)) + "b";

        assertThat(Text.plain(text)).isEqualTo("a" + escaped + "b");
    }

    @Test
    void longTextIsCut() {
        assertThat(Text.plain("x".repeat(128))).isEqualTo("x".repeat(128));
        assertThat(Text.plain("x".repeat(129))).isEqualTo("x".repeat(128) + "…");
        assertThat(Text.plain("🐳".repeat(129))).isEqualTo("🐳".repeat(128) + "…");
    }
}
