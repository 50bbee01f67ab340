package dev.unroot.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadinessTest {
    /** A server that listens can be asked before the one who verifies its certificate has a condition. */
    @Test
    void nothingIsReadyBeforeEverythingHasBegun() {
        Readiness readiness = new Readiness();
        assertThat(readiness.missing()).containsExactly("start: in progress");
        readiness.require("namespaces", () -> null);
        assertThat(readiness.missing()).containsExactly("start: in progress");

        readiness.require("certificate", () -> "has not been verified yet");
        readiness.started();

        assertThat(readiness.missing()).containsExactly("certificate: has not been verified yet");
        readiness.require("certificate", () -> null);
        assertThat(readiness.missing()).isEmpty();
    }
}
