package dev.unroot.registry.access;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for WWW-Authenticate headers that break what {@link ChallengeFuzzTest} holds of them. */
class ChallengeFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) {
        ChallengeFuzzTest.parse(input);
    }
}
