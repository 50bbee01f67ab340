package dev.unroot.registry.credentials;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for docker configs that break what {@link DockerConfigFuzzTest} holds of them. */
class DockerConfigFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) {
        DockerConfigFuzzTest.read(input);
    }
}
