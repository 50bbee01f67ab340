package dev.unroot.registry.layer;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for layers that break what {@link TarFuzzTest} holds of them. */
class TarFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) throws Exception {
        TarFuzzTest.read(input);
    }
}
