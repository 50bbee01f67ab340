package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantitiesTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "17, 17, 17",
        "4Mi, 4194304, 4Mi",
        "4096Ki, 4194304, 4Mi",
        "1.5Gi, 1610612736, 1536Mi",
        "7M, 7000000, 7000000",
        "2k, 2000, 2000",
        "1T, 1000000000000, 976562500Ki",
        "3Ti, 3298534883328, 3Ti",
    })
    void readsWhatKubernetesWrites(String text, long bytes, String shown) {
        assertThat(Quantities.bytes(text)).isEqualTo(bytes);
        assertThat(Quantities.bytes(Quantities.text(bytes))).isEqualTo(bytes);
        assertThat(Quantities.text(bytes)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "4MB", "4mi", "1e3", "Mi", "0.3Ki", "9999999999999999Ti", "1Ei", " 1"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> Quantities.bytes(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a number of bytes: write it as 4194304, 4Mi or 2Gi");
    }
}
