package dev.unroot.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LookupQueueTest {
    private final List<String> started = new ArrayList<>();

    private CompletableFuture<Void> offer(LookupQueue queue, String registry, String name) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        boolean accepted = queue.offer(registry, () -> {
            started.add(name);
            return end;
        });
        if (!accepted) {
            started.add("no " + name);
        }
        return end;
    }

    @Test
    void startsAsManyAtOnceAsThereMayBe() {
        LookupQueue queue = new LookupQueue(2, 2, 10);
        CompletableFuture<Void> one = offer(queue, "a", "1");
        offer(queue, "a", "2");
        offer(queue, "b", "3");
        assertThat(started).containsExactly("1", "2");
        one.complete(null);
        assertThat(started).containsExactly("1", "2", "3");
    }

    @Test
    void aSlowRegistryLeavesRoomForOthers() {
        LookupQueue queue = new LookupQueue(3, 2, 10);
        CompletableFuture<Void> one = offer(queue, "slow", "1");
        offer(queue, "slow", "2");
        offer(queue, "slow", "3");
        offer(queue, "fast", "4");
        assertThat(started).containsExactly("1", "2", "4");
        one.completeExceptionally(new IllegalStateException());
        assertThat(started).containsExactly("1", "2", "4", "3");
    }

    @Test
    void turnsAwayWhatDoesNotFitInLine() {
        LookupQueue queue = new LookupQueue(1, 1, 1);
        CompletableFuture<Void> one = offer(queue, "a", "1");
        CompletableFuture<Void> two = offer(queue, "a", "2");
        offer(queue, "a", "3");
        assertThat(started).containsExactly("1", "no 3");
        one.complete(null);
        two.complete(null);
        offer(queue, "a", "4");
        assertThat(started).containsExactly("1", "no 3", "2", "4");
    }

    @Test
    void manyThatEndAtOnceAllHaveTheirTurn() {
        LookupQueue queue = new LookupQueue(1, 1, 20_000);
        CompletableFuture<Void> first = offer(queue, "a", "first");
        for (int i = 0; i < 20_000; i++) {
            queue.offer("a", () -> {
                started.add("next");
                return CompletableFuture.completedFuture(null);
            });
        }
        first.complete(null);
        assertThat(started.size()).isEqualTo(20_001);
    }
}
