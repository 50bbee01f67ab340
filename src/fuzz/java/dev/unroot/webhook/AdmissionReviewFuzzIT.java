package dev.unroot.webhook;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for AdmissionReviews that break what {@link AdmissionReviewFuzzTest} holds of them. */
class AdmissionReviewFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) {
        AdmissionReviewFuzzTest.read(input);
    }
}
