package dev.unroot.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.common.HeapShares;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookupMemoryTest {
    private static final long MEBIBYTE = 1 << 20;

    /** In the heap of a container of the chart's size. */
    private final LookupMemory memory =
            new LookupMemory(HeapShares.of(281 * MEBIBYTE).lookups());

    private final List<LookupMemory.Room> rooms = new ArrayList<>();

    private static void hasToWait(Runnable step) {
        throw new IllegalStateException("has to wait");
    }

    private LookupMemory.Room room(String registry) {
        return room(registry, new Object());
    }

    private LookupMemory.Room room(String registry, Object lookup) {
        LookupMemory.Room room = memory.room(registry, lookup, LookupMemoryTest::hasToWait);
        rooms.add(room);
        return room;
    }

    @AfterEach
    void giveBack() {
        rooms.forEach(LookupMemory.Room::close);
    }

    @ParameterizedTest
    @ValueSource(longs = {256, 281, 320, 512, 1024, 8192, 1 << 20})
    void allOfItIsWithinItsShareOfTheHeap(long mebibytes) {
        long share = HeapShares.of(mebibytes * MEBIBYTE).lookups();
        LookupMemory memory = new LookupMemory(share);
        assertThat(memory.most()).isBetween(share * 9 / 10, share);
        assertThat(memory.atOnce()).isGreaterThanOrEqualTo(28);
        assertThat(memory.largestAnswer()).isGreaterThanOrEqualTo(8 << 20);
        assertThat(memory.largestPasswd()).isGreaterThanOrEqualTo(10 << 20);
    }

    /** Whoever sends the largest of everything, slowly, leaves room for what others are likely to have. */
    @Test
    void slowRegistriesLeaveRoomForOrdinaryImages() {
        room("slow-1").answer(8 << 20);
        assertThatThrownBy(() -> room("slow-2").answer(8 << 20)).hasMessage("has to wait");
        for (int i = 0; i < 8; i++) {
            try {
                room("slow-1").more(MEBIBYTE);
            } catch (IllegalStateException full) {
                break;
            }
        }
        for (int i = 0; i < 4; i++) {
            room("another").answer(100 << 10);
            room("a third").more(200 << 10);
        }
    }

    @Test
    void roomIsGivenBack() {
        room("a").answer(8 << 20);
        assertThatThrownBy(() -> room("b").answer(8 << 20)).hasMessage("has to wait");
        rooms.get(0).close();
        room("b").answer(8 << 20);
    }

    @Test
    void aLayerBeyondMediumSizeHasRoomForAllThatALayerMayHave() {
        LookupMemory.Room layer = room("a");
        for (int i = 0; i < 24; i++) {
            layer.more(MEBIBYTE);
        }
        room("b").passwd(10 << 20);
        assertThatThrownBy(() -> room("c").passwd(3 << 20)).hasMessage("has to wait");
    }

    @Test
    void thePasswdOfALayerHasRoomBesideIt() {
        Object lookup = new Object();
        LookupMemory.Room layer = room("a", lookup);
        for (int i = 0; i < 24; i++) {
            layer.more(MEBIBYTE);
        }
        room("a", lookup).passwd(memory.largestPasswd());
    }

    @Test
    void whatIsSmallNeedsNoRoom() {
        for (int i = 0; i < 10_000; i++) {
            room("a").passwd(LookupMemory.SMALL_PART);
        }
    }
}
