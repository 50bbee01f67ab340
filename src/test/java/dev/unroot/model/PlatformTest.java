package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    @ParameterizedTest
    @ValueSource(strings = {"linux/amd64", "linux/arm/v7", "windows/amd64"})
    void isWrittenAsItIsRead(String text) {
        assertThat(Platform.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "linux", "linux/", "/amd64", "linux/arm/", "linux/arm/v7/x", "Linux/amd64", "linux/am d"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Platform.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("is not a platform: write os/architecture, for instance linux/arm64");
    }

    @ParameterizedTest
    @CsvSource({
        "linux/x86_64, linux/amd64",
        "linux/x86-64, linux/amd64",
        "linux/i386, linux/386",
        "linux/aarch64/v8, linux/arm64/v8",
    })
    void anotherNameOfAnArchitectureBecomesTheOneThatNodesAreLabelledWith(String written, String read) {
        assertThat(Platform.parse(written)).hasToString(read);
    }

    @Test
    void windowsIsKnownInAnyLetterCase() {
        assertThat(new Platform("Windows", "amd64", "").isWindows()).isTrue();
        assertThat(new Platform("linux", "amd64", "").isWindows()).isFalse();
    }

    @Test
    void aListOfManyIsCutShort() {
        List<Platform> platforms = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            platforms.add(Platform.parse("made/up" + i));
        }
        assertThat(Platform.list(platforms, " or "))
                .isEqualTo("made/up1 or made/up2 or made/up3 or made/up4 or made/up5");
        platforms.add(Platform.parse("linux/amd64"));
        platforms.add(Platform.parse("linux/arm64"));
        assertThat(Platform.list(platforms, ", "))
                .isEqualTo("made/up1, made/up2, made/up3, made/up4, made/up5 and 2 more");
    }
}
