package dev.unroot.model;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for image references that break what {@link ImageReferenceFuzzTest} holds of them. */
class ImageReferenceFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) {
        ImageReferenceFuzzTest.parse(input);
    }
}
