package dev.unroot.registry.layer;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for tables of contents that break what {@link TocFuzzTest} holds of them. */
class TocFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) {
        TocFuzzTest.read(input);
    }
}
