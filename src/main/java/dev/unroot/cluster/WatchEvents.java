package dev.unroot.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What one watch says, into a store. Nothing more is taken from it once it was given up: it would be older than the next. */
final class WatchEvents<T extends HasMetadata> implements Watcher<T> {
    private final WatchStore<T, ?> store;
    private final Consumer<String> onVersion;
    private final CompletableFuture<WatchEnded> ended;
    private boolean ignored;

    /** @param onVersion told of each object's, after the store has it */
    WatchEvents(WatchStore<T, ?> store, Consumer<String> onVersion, CompletableFuture<WatchEnded> ended) {
        this.store = store;
        this.onVersion = onVersion;
        this.ended = ended;
    }

    synchronized void ignoreTheRest() {
        ignored = true;
    }

    @Override
    public synchronized void eventReceived(Action action, T object) {
        if (ignored) {
            return;
        }
        try {
            switch (action) {
                case ADDED, MODIFIED -> store.put(object);
                case DELETED -> store.remove(object.getMetadata().getName());
                case BOOKMARK, ERROR -> {}
            }
            onVersion.accept(object.getMetadata().getResourceVersion());
        } catch (RuntimeException unreadable) {
            ended.complete(WatchEnded.by(unreadable));
        }
    }

    /** Called at every end, since the client is not to try again by itself. */
    @Override
    public void onClose(WatcherException end) {
        ended.complete(WatchEnded.of(end));
    }

    @Override
    public void onClose() {
        ended.complete(WatchEnded.plainly());
    }
}
