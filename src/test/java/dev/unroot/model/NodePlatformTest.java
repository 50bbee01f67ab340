package dev.unroot.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodePlatformTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "linux/amd64",
                "linux/arm64/v8",
                "linux/arm/v7",
                "linux/riscv64",
                "linux/loong64",
                "windows/amd64"
            })
    void whatANodeCanBeIsTaken(String text) {
        assertThat(NodePlatform.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd46, linux/amd64",
        "linux/arm46/v8, linux/arm64",
        "linus/amd64, linux/amd64",
        "linux/armv7, linux/arm",
        "linux/sparc64x, linux/amd64",
        "windows/arm64, windows/amd64",
        "window/amd64, windows/amd64",
        "darwin/arm64, linux/arm64",
        "freebsd/riscv64, linux/riscv64"
    })
    void whatNoNodeIsIsRefusedWithWhatWasMeant(String text, String meant) {
        assertThatThrownBy(() -> NodePlatform.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is no platform of a Kubernetes node: did you mean " + meant + "?");
    }

    @Test
    void whereNothingIsNearItSaysWhatToWrite() {
        assertThatThrownBy(() -> NodePlatform.parse("plan9/mystery"))
                .hasMessage("\"plan9/mystery\" is no platform of a Kubernetes node: write linux/amd64, linux/arm64 or"
                        + " whatever the nodes are");
        assertThatThrownBy(() -> NodePlatform.parse("amd64"))
                .hasMessageContaining("is not a platform: write os/architecture");
    }
}
