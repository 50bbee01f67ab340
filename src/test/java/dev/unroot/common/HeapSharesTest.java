package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapSharesTest {
    private static final long MEBIBYTE = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {256, 281, 320, 512, 1024, 8192, 1 << 20})
    void theyAddUpToTheHeapAndLeaveRoomForTheRest(long mebibytes) {
        HeapShares shares = HeapShares.of(mebibytes * MEBIBYTE);
        assertThat(shares.bodies() + shares.connections() + shares.cache() + shares.lookups() + shares.rest())
                .isEqualTo(mebibytes * MEBIBYTE);
        assertThat(shares.rest()).isGreaterThanOrEqualTo(40 * MEBIBYTE);
        assertThat(shares.bodies()).isGreaterThanOrEqualTo(32 * MEBIBYTE);
    }
}
