package dev.unroot.registry.documents;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for manifests and indexes that break what {@link ImageDocumentFuzzTest} holds of them. */
class ImageDocumentFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) {
        ImageDocumentFuzzTest.parse(input);
    }
}
