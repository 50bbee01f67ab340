package dev.unroot.registry.documents;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for image configurations that break what {@link ImageConfigFuzzTest} holds of them. */
class ImageConfigFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) {
        ImageConfigFuzzTest.parse(input);
    }
}
