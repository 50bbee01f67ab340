package dev.unroot.registry.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LookupQueueTest {
    private final List<String> started = new ArrayList<>();

    private final Set<String> unwanted = new HashSet<>();
    private final List<String> cancelled = new ArrayList<>();

    private final class Named implements LookupQueue.QueuedLookup {
        private final String namespace;
        private final String registry;
        private final String name;
        private final CompletableFuture<Void> end;

        /** Each for a namespace of its own. */
        Named(String registry, String name, CompletableFuture<Void> end) {
            this(name, registry, name, end);
        }

        Named(String namespace, String registry, String name, CompletableFuture<Void> end) {
            this.namespace = namespace;
            this.registry = registry;
            this.name = name;
            this.end = end;
        }

        @Override
        public String registry() {
            return registry;
        }

        @Override
        public String namespace() {
            return namespace;
        }

        @Override
        public void turnAway() {
            started.add("no " + name);
        }

        @Override
        public CompletionStage<?> start() {
            started.add(name);
            return end;
        }

        @Override
        public boolean isWanted() {
            return !unwanted.contains(name);
        }

        @Override
        public boolean cancel() {
            return !isWanted() && cancelled.add(name);
        }
    }

    private CompletableFuture<Void> offer(LookupQueue queue, String registry, String name) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        queue.offer(new Named(registry, name, end));
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
            queue.offer(new Named("a", "next", CompletableFuture.completedFuture(null)));
        }
        first.complete(null);
        assertThat(started.size()).isEqualTo(20_001);
    }

    @Test
    void whatNobodyWaitsForGoesOnWhileNobodyNeedsItsPlace() {
        LookupQueue queue = new LookupQueue(2, 2, 10);
        Named one = new Named("a", "1", new CompletableFuture<>());
        queue.offer(one);
        unwanted.add("1");
        queue.abandoned(one);
        offer(queue, "a", "2");
        assertThat(started).containsExactly("1", "2");
        assertThat(cancelled).isEmpty();
    }

    @Test
    void whatNobodyWaitsForGivesWayOneForOneAndTheOldestFirst() {
        LookupQueue queue = new LookupQueue(3, 3, 10);
        CompletableFuture<Void> end = new CompletableFuture<>();
        queue.offer(new Named("a", "1", end));
        offer(queue, "a", "2");
        offer(queue, "a", "3");
        unwanted.addAll(List.of("1", "3"));
        offer(queue, "b", "4");
        assertThat(cancelled).containsExactly("1");
        offer(queue, "b", "5");
        assertThat(cancelled).containsExactly("1", "3");
        end.complete(null);
        assertThat(started).containsExactly("1", "2", "3", "4");
    }

    @Test
    void itGivesWayOnlyToWhatCouldTakeItsPlace() {
        LookupQueue queue = new LookupQueue(3, 1, 10);
        offer(queue, "a", "1");
        offer(queue, "b", "2");
        unwanted.add("1");
        offer(queue, "b", "3");
        assertThat(cancelled).isEmpty();
        offer(queue, "a", "4");
        assertThat(cancelled).containsExactly("1");
    }

    @Test
    void whatNobodyWaitsForDoesNotBegin() {
        LookupQueue queue = new LookupQueue(1, 1, 1);
        CompletableFuture<Void> one = offer(queue, "a", "1");
        Named two = new Named("a", "2", new CompletableFuture<>());
        queue.offer(two);
        unwanted.add("2");
        queue.abandoned(two);
        offer(queue, "a", "3");
        one.complete(null);
        assertThat(started).containsExactly("1", "3");
    }

    @Test
    void itGivesWayToWhatWasInLineBefore() {
        LookupQueue queue = new LookupQueue(1, 1, 1);
        Named one = new Named("a", "1", new CompletableFuture<>());
        queue.offer(one);
        offer(queue, "a", "2");
        assertThat(cancelled).isEmpty();
        unwanted.add("1");
        queue.abandoned(one);
        assertThat(cancelled).containsExactly("1");
    }

    private CompletableFuture<Void> offer(LookupQueue queue, String namespace, String registry, String name) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        queue.offer(new Named(namespace, registry, name, end));
        return end;
    }

    @Test
    void aNamespaceHasHalfOfThePlaces() {
        LookupQueue queue = new LookupQueue(4, 1, 10);
        CompletableFuture<Void> one = offer(queue, "greedy", "a", "1");
        offer(queue, "greedy", "b", "2");
        offer(queue, "greedy", "c", "3");
        offer(queue, "other", "d", "4");
        assertThat(started).containsExactly("1", "2", "4");
        one.complete(null);
        assertThat(started).containsExactly("1", "2", "4", "3");
    }

    @Test
    void nextIsWhoHasTheFewestUnderWay() {
        LookupQueue queue = new LookupQueue(4, 2, 10);
        CompletableFuture<Void> one = offer(queue, "greedy", "a", "g1");
        CompletableFuture<Void> two = offer(queue, "greedy", "b", "g2");
        offer(queue, "second", "c", "s1");
        offer(queue, "second", "d", "s2");
        offer(queue, "greedy", "e", "g3");
        offer(queue, "third", "f", "t1");
        one.complete(null);
        assertThat(started).containsExactly("g1", "g2", "s1", "s2", "t1");
        two.complete(null);
        assertThat(started).containsExactly("g1", "g2", "s1", "s2", "t1", "g3");
    }

    /** In turn, where they have as many. */
    @Test
    void namespacesTakeTurns() {
        LookupQueue queue = new LookupQueue(1, 1, 10);
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (String name : List.of("g1", "g2", "g3", "o1", "o2")) {
            ends.add(offer(queue, name.substring(0, 1), "a", name));
        }
        ends.get(0).complete(null);
        ends.get(1).complete(null);
        ends.get(3).complete(null);
        ends.get(2).complete(null);
        assertThat(started).containsExactly("g1", "g2", "o1", "g3", "o2");
    }

    @Test
    void aFullLineLosesTheYoungestOfWhoFillsIt() {
        LookupQueue queue = new LookupQueue(1, 1, 3);
        offer(queue, "greedy", "a", "g0");
        for (String name : List.of("g1", "g2", "g3")) {
            offer(queue, "greedy", "a", name);
        }
        offer(queue, "other", "a", "o1");
        assertThat(started).containsExactly("g0", "no g3");
        // Now they have two and one: as many as is fair.
        offer(queue, "other", "a", "o2");
        offer(queue, "greedy", "a", "g4");
        assertThat(started).containsExactly("g0", "no g3", "no o2", "no g4");
    }
}
