package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    private static final List<Platform> CLUSTER =
            List.of(Platform.parse("linux/amd64"), Platform.parse("linux/arm64"), Platform.parse("windows/amd64"));

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
        ", , linux/amd64 linux/arm64 windows/amd64",
        "linux, , linux/amd64 linux/arm64",
        ", amd64, linux/amd64 windows/amd64",
        "linux, arm64, linux/arm64",
        "windows, arm64, windows/arm64",
        ", s390x, linux/s390x",
    })
    void aPodLandsWhereItMay(String os, String architecture, String fitting) {
        assertThat(Platform.fitting(CLUSTER, os, architecture).stream().map(Platform::toString))
                .containsExactly(fitting.split(" "));
    }

    @Test
    void aPodMayNameWhatTheClusterDoesNotList() {
        assertThat(Platform.fitting(List.of(Platform.parse("linux/arm64")), "windows", null))
                .containsExactly(Platform.parse("windows/amd64"));
    }

    @Test
    void windowsIsKnownInAnyLetterCase() {
        assertThat(new Platform("Windows", "amd64", "").isWindows()).isTrue();
        assertThat(new Platform("linux", "amd64", "").isWindows()).isFalse();
    }
}
