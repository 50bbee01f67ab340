package dev.unroot.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SharedMemoryTest {
    private final SharedMemory memory = new SharedMemory(32);

    private static void hasToWait(Runnable step) {
        throw new IllegalStateException("has to wait");
    }

    private SharedMemory.Share share(String party) {
        return memory.share(party, new Object(), SharedMemoryTest::hasToWait);
    }

    private void assertHasToWait(String party, long bytes) {
        assertThatThrownBy(() -> share(party).grow(bytes)).hasMessage("has to wait");
    }

    /** The first may be as large as there is room for, and there is always some for a newcomer. */
    @Test
    void onePartyLeavesRoomForOthers() {
        share("slow").grow(8);
        share("slow").grow(8);
        assertHasToWait("slow", 1);
        share("another").grow(4);
        share("another").grow(4);
        assertHasToWait("another", 1);
        share("a third").grow(8);
        assertThat(memory.taken()).isEqualTo(32);
    }

    @Test
    void whoWaitsForTheirOwnPartyHoldsUpNobodyElse() {
        share("slow").grow(10);
        assertThatThrownBy(() -> memory.share("slow", new Object(), step -> {
                            share("another").grow(8);
                            throw new Done();
                        })
                        .grow(8))
                .isInstanceOf(Done.class);
        assertThat(memory.taken()).isEqualTo(18);
    }

    @Test
    void whoWantsLittleDoesNotOvertakeWhoWaitsForMuch() {
        SharedMemory.Share first = share("a");
        first.grow(16);
        memory.share("b", new Object(), step -> {
                    assertHasToWait("c", 1);
                    first.close();
                })
                .grow(32);
        assertThat(memory.taken()).isEqualTo(32);
    }

    /** Or two that hold a part and want more would wait for each other. */
    @Test
    void theFirstOwnerOfAPartyGoesOnWhileThereIsRoom() {
        SharedMemory.Share first = share("a");
        SharedMemory.Share second = share("a");
        first.grow(4);
        second.grow(12);
        assertThatThrownBy(() -> second.grow(13)).hasMessage("has to wait");
        first.grow(20);
        assertThat(memory.taken()).isEqualTo(32);
        first.close();
        second.grow(32);
        assertThat(memory.taken()).isEqualTo(32);
    }

    @Test
    void nobodyWaitsForTheirOwn() {
        Object owner = new Object();
        memory.share("a", owner, SharedMemoryTest::hasToWait).grow(20);
        memory.share("a", owner, SharedMemoryTest::hasToWait).grow(12);
        assertThat(memory.taken()).isEqualTo(32);
    }

    @Test
    void aShareGrowsAndIsGivenBackOnce() {
        SharedMemory.Share share = share("a");
        share.grow(3);
        share.grow(2);
        share.grow(7);
        assertThat(memory.taken()).isEqualTo(7);
        share.close();
        share.close();
        assertThat(memory.taken()).isZero();
        assertThatThrownBy(() -> share.grow(33)).isInstanceOf(IllegalArgumentException.class);
    }

    private static final class Done extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
