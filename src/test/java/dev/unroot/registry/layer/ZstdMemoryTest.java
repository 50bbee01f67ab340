package dev.unroot.registry.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.common.Waiting;
import dev.unroot.registry.documents.TooLargeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ZstdMemoryTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final long LARGEST = 128 * MEBIBYTE;

    private final ZstdMemory memory = new ZstdMemory();
    private int registries;

    private static final class GaveUp extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static void givesUp(Runnable step) {
        throw new GaveUp();
    }

    private ZstdMemory.Share share(Waiting waiting) {
        registries++;
        return memory.share(LARGEST, "registry-" + registries, waiting);
    }

    @Test
    void windowsOfAllLayersTogetherTakeNoMoreThanIsAllowed() throws TooLargeException {
        List<ZstdMemory.Share> shares = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            shares.add(share(Runnable::run));
            shares.get(i).grow(32 * MEBIBYTE);
            shares.get(i).grow(8 * MEBIBYTE);
        }

        assertThat(memory.taken()).isEqualTo(160 * MEBIBYTE).isEqualTo(ZstdMemory.most(LARGEST));
        assertThatThrownBy(() -> share(afterSteps(3)).grow(9 * MEBIBYTE)).isInstanceOf(GaveUp.class);
        assertThatThrownBy(() -> share(afterSteps(3)).grow(1024)).isInstanceOf(GaveUp.class);
        assertThat(memory.taken()).isEqualTo(160 * MEBIBYTE);

        shares.forEach(ZstdMemory.Share::close);
        assertThat(memory.taken()).isZero();
        try (ZstdMemory.Share all = share(Runnable::run)) {
            all.grow(LARGEST);
            assertThat(memory.taken()).isEqualTo(LARGEST);
        }
    }

    /** Most registries' layers have windows of that size, and several are read at once. */
    @Test
    void oneRegistryHasTwoOrdinaryWindowsAtOnce() throws TooLargeException {
        for (int i = 0; i < 2; i++) {
            memory.share(LARGEST, "one", ZstdMemoryTest::givesUp).grow(8 * MEBIBYTE);
        }
        ZstdMemory.Share third = memory.share(LARGEST, "one", ZstdMemoryTest::givesUp);
        assertThatThrownBy(() -> third.grow(8 * MEBIBYTE)).isInstanceOf(GaveUp.class);
        memory.share(LARGEST, "another", ZstdMemoryTest::givesUp).grow(8 * MEBIBYTE);
    }

    /** A layer whose frames ask for ever more does not wait for itself. */
    @Test
    void aLayersWindowMayGrowToTheLargest() throws TooLargeException {
        try (ZstdMemory.Share share = share(ZstdMemoryTest::givesUp)) {
            share.grow(16 * MEBIBYTE);
            share.grow(64 * MEBIBYTE);
            share.grow(LARGEST);
        }
    }

    private static Waiting afterSteps(int steps) {
        int[] left = {steps};
        return step -> {
            left[0]--;
            if (left[0] < 0) {
                givesUp(step);
            }
            step.run();
        };
    }

    @Test
    void whoeverWaitsIsLetInOnceThereIsRoom() throws TooLargeException {
        ZstdMemory.Share first = share(Runnable::run);
        first.grow(100 * MEBIBYTE);
        int[] steps = new int[1];
        ZstdMemory.Share second = share(step -> {
            steps[0]++;
            if (steps[0] == 4) {
                first.close();
            }
            step.run();
        });

        second.grow(LARGEST);

        assertThat(steps[0]).isEqualTo(4);
        assertThat(memory.taken()).isEqualTo(LARGEST);
    }

    @Test
    void whoeverWantsLittleDoesNotOvertakeWhoeverWaitsForMuch() throws TooLargeException {
        ZstdMemory.Share first = share(Runnable::run);
        first.grow(64 * MEBIBYTE);
        int[] steps = new int[1];
        ZstdMemory.Share second = share(step -> {
            steps[0]++;
            step.run();
            if (steps[0] == 2) {
                assertThatThrownBy(() -> share(afterSteps(1)).grow(16 * MEBIBYTE))
                        .isInstanceOf(GaveUp.class);
                // Small ones have room of their own.
                assertThatCode(() -> share(Runnable::run).grow(MEBIBYTE)).doesNotThrowAnyException();
                first.close();
            }
        });

        second.grow(LARGEST);

        assertThat(memory.taken()).isEqualTo(LARGEST + MEBIBYTE);
    }

    @Test
    void aWindowThatIsLargerThanAllowedIsRefusedAtOnce() {
        assertThatThrownBy(() -> share(ZstdMemoryTest::givesUp).grow(LARGEST + 1))
                .isInstanceOf(TooLargeException.class);
        assertThatThrownBy(() ->
                        memory.share(MEBIBYTE, "", ZstdMemoryTest::givesUp).grow(2 * MEBIBYTE))
                .isInstanceOf(TooLargeException.class);
        assertThat(ZstdMemory.most(MEBIBYTE)).isEqualTo(32 * MEBIBYTE);
    }
}
