package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTimeoutTest {
    @ParameterizedTest
    @CsvSource({
        "10s, 10000",
        "1.5s, 1500",
        "1s500ms, 1500",
        "2000000us, 2000",
        "2000000µs, 2000",
        "3000000000ns, 3000",
        "500ms, 1000",
        "1m, 30000",
        "999999h, 30000",
        "30s, 30000",
    })
    void readsGoDurationsWithinBounds(String text, long milliseconds) throws Exception {
        assertThat(RequestTimeout.parse(text).total()).isEqualTo(Duration.ofMillis(milliseconds));
    }

    @Test
    void isTenSecondsWhereUnset() throws Exception {
        assertThat(RequestTimeout.parse(null).total()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "s", "-5s", "0s", "10 s", "10s ", "x10s", "1,5s", "10S", "１０s", "9999999h"})
    void refusesAnythingElse(String text) {
        assertThatThrownBy(() -> RequestTimeout.parse(text))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("timeout=10s");
    }

    @ParameterizedTest
    @CsvSource({"1s, 800, 900", "10s, 9000, 9500", "30s, 27000, 28500"})
    void leavesTimeForTheWayBack(String text, long review, long answer) throws Exception {
        RequestTimeout timeout = RequestTimeout.parse(text);
        assertThat(timeout.forReview()).isEqualTo(Duration.ofMillis(review));
        assertThat(timeout.forAnswer()).isEqualTo(Duration.ofMillis(answer));
    }
}
