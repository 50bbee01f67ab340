package dev.unroot.registry.platforms;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Steps one after the other: a registry sees no burst, and the first failure ends them. */
public final class InTurn {
    private InTurn() {}

    /** What all steps find, in the order of the items. */
    public static <T, R> CompletionStage<List<R>> each(List<T> items, Function<T, CompletionStage<List<R>>> step) {
        CompletionStage<List<R>> all = CompletableFuture.completedFuture(List.of());
        for (T item : items) {
            all = all.thenCompose(before -> step.apply(item).thenApply(more -> {
                List<R> both = new ArrayList<>(before);
                both.addAll(more);
                return both;
            }));
        }
        return all;
    }
}
