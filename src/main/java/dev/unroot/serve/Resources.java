package dev.unroot.serve;

import dev.unroot.webhook.WebhookServer;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command has opened, closed in reverse order. */
public final class Resources implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resources.class);
    private static final long PATIENCE_SECONDS = 5;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private @Nullable Vertx vertx;

    public Resources() {}

    private Resources(Vertx shared) {
        this.vertx = shared;
    }

    /** For what is closed sooner than the rest, by whoever asked for it; it shares the one Vertx. */
    public Resources part() {
        return new Resources(vertx());
    }

    public <T extends AutoCloseable> T add(T resource) {
        opened.push(resource);
        return resource;
    }

    public <T extends ExecutorService> T add(T threads) {
        opened.push(threads::shutdownNow);
        return threads;
    }

    /** One for all; made when first asked for, since it starts threads. */
    public Vertx vertx() {
        if (vertx == null) {
            Vertx made = WebhookServer.newVertx();
            opened.push(() ->
                    made.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            vertx = made;
        }
        return vertx;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.warn("could not be closed", e);
            }
        }
    }
}
