package dev.unroot.cluster;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Threads;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link WatchStore} as the cluster has it: lists all objects page by page, watches from there on, and tries again
 * for ever, until it is closed. Each try but the first waits for its {@link Backoff}; only a watch that was open for half a
 * minute is opened again at once. So an API server that fails every watch is asked for a list once a minute, not four times
 * a second, as the client's own informers would.
 *
 * <p>Source: client-go {@code tools/cache/reflector.go}.
 */
final class ListAndWatch<T extends HasMetadata> implements AutoCloseable {
    /** API servers end a watch after so long at the latest; half as much at least, so that not all end together. */
    private static final int LONGEST_WATCH_SECONDS = 600;
    /** After that the connection only looks open. */
    private static final int OVERDUE_SECONDS = 30;
    /** A watch that was open for this long is nothing to wait for. */
    private static final Duration HEALTHY = Duration.ofSeconds(30);

    /** What it tells its owner, on a thread of its own. */
    interface Listener {
        /** All objects are in the store. */
        void listed();

        /** A watch is open. */
        void watching();

        /** @param cause why there is no list, or no watch, at the moment; there will be another try */
        void failed(Throwable cause);
    }

    /** A wait between two tries. */
    @FunctionalInterface
    interface Pause {
        void pause(Duration duration) throws InterruptedException;
    }

    private final FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> objects;
    private final long page;
    private final WatchStore<T, ?> store;
    private final Listener listener;
    private final Pause pause;
    private final Ticker clock = Ticker.systemTicker();
    private final Backoff backoff =
            new Backoff(clock, () -> ThreadLocalRandom.current().nextDouble());
    private final Thread thread;
    private volatile boolean listed;
    private volatile boolean watching;
    private volatile boolean closed;
    private volatile long heardAt = clock.read();
    private volatile @Nullable String version;

    /**
     * Begins when {@link #start} is called.
     *
     * @param name of the kind, plural, for the thread
     * @param page how many objects to ask for at once
     */
    ListAndWatch(
            String name,
            FilterWatchListDeletable<T, ? extends KubernetesResourceList<T>, ?> objects,
            long page,
            WatchStore<T, ?> store,
            Listener listener,
            Pause pause) {
        this.objects = objects;
        this.page = page;
        this.store = store;
        this.listener = listener;
        this.pause = pause;
        this.thread = Threads.factory("unroot-cluster-watch-" + name).newThread(this::run);
    }

    /** Sleeps. */
    static void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    }

    void start() {
        thread.start();
    }

    /** Whether every object was in the store once. Stays so. */
    boolean hasListed() {
        return listed;
    }

    boolean isWatching() {
        return watching;
    }

    /** Since the API server last said anything: a list, an open watch, a change, a bookmark; else since the start. */
    Duration silence() {
        return Duration.ofNanos(clock.read() - heardAt);
    }

    private void run() {
        while (!closed) {
            try {
                if (version == null) {
                    list();
                }
                if (watch()) {
                    continue;
                }
            } catch (InterruptedException end) {
                return;
            } catch (RuntimeException failure) {
                if (!closed) {
                    failed(failure);
                }
            }
            try {
                if (!closed) {
                    pause.pause(backoff.next());
                }
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    private void failed(RuntimeException failure) {
        if (!isWorthTheSameVersion(failure)) {
            version = null;
        }
        listener.failed(failure);
    }

    /** Whether the API server was merely away or busy: what was listed then still holds, and a list would cost it more. */
    private static boolean isWorthTheSameVersion(RuntimeException failure) {
        if (failure instanceof WatchEnded ended) {
            return !ended.needsList();
        }
        if (!(failure instanceof KubernetesClientException answer)) {
            return false;
        }
        int code = answer.getCode();
        return code == 0 || code == 429 || code >= HttpURLConnection.HTTP_INTERNAL_ERROR;
    }

    private void list() {
        Set<String> names = new HashSet<>();
        String more = null;
        String latest;
        do {
            // Without a version: only then do API servers keep to the limit.
            KubernetesResourceList<T> read = objects.list(
                    new ListOptionsBuilder().withLimit(page).withContinue(more).build());
            for (T object : read.getItems()) {
                names.add(object.getMetadata().getName());
                store.put(object);
            }
            heardAt = clock.read();
            more = read.getMetadata().getContinue();
            latest = read.getMetadata().getResourceVersion();
        } while (more != null && !more.isEmpty() && !closed);
        if (closed) {
            return;
        }
        store.retain(names);
        version = latest;
        listed = true;
        listener.listed();
    }

    /**
     * Returns when there is no watch any more.
     *
     * @return whether it was a healthy one that came to its end
     */
    private boolean watch() throws InterruptedException {
        int seconds = ThreadLocalRandom.current().nextInt(LONGEST_WATCH_SECONDS / 2, LONGEST_WATCH_SECONDS + 1);
        ListOptions options = new ListOptionsBuilder()
                .withResourceVersion(version)
                .withAllowWatchBookmarks(true)
                .withTimeoutSeconds((long) seconds)
                .build();
        CompletableFuture<WatchEnded> ended = new CompletableFuture<>();
        WatchEvents<T> events = new WatchEvents<>(store, this::heard, ended);
        long openedAt = clock.read();
        WatchEnded end;
        try (Watch open = objects.watch(options, events)) {
            openedAt = clock.read();
            watching = true;
            listener.watching();
            heardAt = openedAt;
            end = ended.get(seconds + OVERDUE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException silent) {
            end = WatchEnded.plainly();
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        } finally {
            watching = false;
            events.ignoreTheRest();
        }
        boolean healthy = clock.read() - openedAt >= HEALTHY.toNanos();
        if (!healthy || end.needsList()) {
            throw end;
        }
        return true;
    }

    /** @param latest the version of what was said last */
    private void heard(String latest) {
        version = latest;
        heardAt = clock.read();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
