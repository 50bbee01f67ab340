package dev.unroot.common;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Named daemon threads that end when idle: a thread dump says whose they are, and none keeps a command from ending. */
public final class Threads {
    private static final long IDLE_SECONDS = 10;

    private Threads() {}

    /** At most {@code threads} at work and {@code waiting} in line; more is refused with RejectedExecutionException. */
    public static ThreadPoolExecutor pool(String name, int threads, int waiting) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), factory(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    public static ThreadFactory factory(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
