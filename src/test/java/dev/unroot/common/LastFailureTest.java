package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LastFailureTest {
    private final LastFailure failure = new LastFailure();

    @Test
    void aFailureThatStaysIsNewOnce() {
        assertThat(failure.isNew("away")).isTrue();
        assertThat(failure.isNew("away")).isFalse();
        assertThat(failure.isNew("forbidden")).isTrue();
        assertThat(failure.isNew("away")).isTrue();
    }

    @Test
    void afterARecoveryTheSameFailureIsNewAgain() {
        assertThat(failure.clear()).isFalse();
        failure.isNew("away");
        assertThat(failure.clear()).isTrue();
        assertThat(failure.clear()).isFalse();
        assertThat(failure.isNew("away")).isTrue();
    }
}
