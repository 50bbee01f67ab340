package dev.unroot.registry.users;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Looks for passwd files that break what {@link UserFuzzTest} holds of them. */
class UserFuzzIT {
    @FuzzTest(maxDuration = "10s")
    void survives(byte[] input) {
        UserFuzzTest.readPasswd(input);
    }
}
