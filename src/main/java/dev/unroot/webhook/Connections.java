package dev.unroot.webhook;

import io.vertx.core.http.HttpConnection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts open connections, in all and by address, and closes those that are too many. Thread-safe. */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long SILENCE_NANOSECONDS = 60_000_000_000L;

    private final Capacity capacity;
    private final Metrics metrics;
    /** Of all event loops together. */
    private final AtomicInteger open;

    private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - SILENCE_NANOSECONDS);

    Connections(Capacity capacity, Metrics metrics) {
        this.capacity = capacity;
        this.metrics = metrics;
        this.open = metrics.connections();
    }

    /** To be told of each connection once it is open. */
    void opened(HttpConnection connection) {
        String address = connection.remoteAddress().hostAddress();
        String from = address == null ? "" : address;
        if (enter(from)) {
            connection.closeHandler(closed -> leave(from));
        } else {
            metrics.connectionRefused();
            tell(from);
            connection.close();
        }
    }

    private boolean enter(String from) {
        if (open.incrementAndGet() > capacity.connections()) {
            open.decrementAndGet();
            return false;
        }
        int ofThisOne = byAddress.merge(from, 1, Integer::sum);
        if (ofThisOne > capacity.connectionsOfOne()) {
            leave(from);
            return false;
        }
        return true;
    }

    private void leave(String from) {
        byAddress.computeIfPresent(from, (address, count) -> count == 1 ? null : count - 1);
        open.decrementAndGet();
    }

    /** Once a minute: it may happen a thousand times a second. */
    private void tell(String from) {
        long now = System.nanoTime();
        long before = toldAt.get();
        if (now - before >= SILENCE_NANOSECONDS && toldAt.compareAndSet(before, now)) {
            LOG.warn(
                    "a connection from {} was closed: {} are open, of which one address may have {} and all {}",
                    from,
                    open.get(),
                    capacity.connectionsOfOne(),
                    capacity.connections());
        }
    }
}
