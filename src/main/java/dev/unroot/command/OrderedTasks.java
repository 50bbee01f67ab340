package dev.unroot.command;

import dev.unroot.common.Threads;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Predicate;

/** Works on several things at once and tells the results in the order of the things. */
final class OrderedTasks {
    private static final int AT_ONCE = 8;
    /** Results that may wait for an earlier one. */
    private static final int AHEAD = 64;

    private OrderedTasks() {}

    /**
     * Works until the last one, or until the receiver has had enough.
     *
     * @param work must not throw: what goes wrong is a result like any other
     * @param receiver told on the calling thread; false to stop
     */
    static <T, R> void forEach(List<T> things, Function<T, R> work, Predicate<R> receiver) {
        ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE, Threads.factory("unroot-worker"));
        try {
            Deque<CompletableFuture<R>> pending = new ArrayDeque<>();
            Iterator<T> rest = things.iterator();
            boolean more = true;
            while (more && (rest.hasNext() || !pending.isEmpty())) {
                while (rest.hasNext() && pending.size() < AHEAD) {
                    T thing = rest.next();
                    pending.add(CompletableFuture.supplyAsync(() -> work.apply(thing), workers));
                }
                more = receiver.test(pending.remove().join());
            }
        } finally {
            workers.shutdownNow();
        }
    }
}
