package dev.unroot.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads single namespaces that the informer has not seen yet, or is doubted about: one GET for all who ask at the same
 * time, remembered for 5 seconds, by when the informer has it.
 */
final class NamespaceReader {
    static final String RIGHT = "get, list and watch on namespaces";

    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final int MOST_REMEMBERED = 1000;

    private final ApiReader api;
    private final Executor threads;
    private final ConcurrentMap<String, CompletableFuture<Map<String, String>>> underWay = new ConcurrentHashMap<>();
    private final Cache<String, Map<String, String>> remembered = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(MOST_REMEMBERED)
            .build();

    NamespaceReader(ApiReader api, Executor threads) {
        this.api = api;
        this.threads = threads;
    }

    /**
     * Unroot's labels on a namespace.
     *
     * @param namespace a valid name: it becomes part of an address
     * @return shared by all who ask, so never to be cancelled or completed; fails after 10 seconds at most, always
     *     with a {@link ClusterException}
     */
    CompletableFuture<Map<String, String>> read(String namespace) {
        return read(namespace, true);
    }

    /** The same, but never what was read before. */
    CompletableFuture<Map<String, String>> readNow(String namespace) {
        return read(namespace, false);
    }

    private CompletableFuture<Map<String, String>> read(String namespace, boolean mayRemember) {
        CompletableFuture<Map<String, String>> mine = new CompletableFuture<>();
        CompletableFuture<Map<String, String>> running = underWay.putIfAbsent(namespace, mine);
        if (running != null) {
            return running;
        }
        // Looked up only now: a read that ended just before would otherwise be repeated.
        Map<String, String> known = mayRemember ? remembered.getIfPresent(namespace) : null;
        if (known != null) {
            underWay.remove(namespace, mine);
            mine.complete(known);
        } else {
            threads.execute(() -> send(namespace, mine));
        }
        return mine;
    }

    /** A namespace is gone: what was read of it, or is just being read, may belong to a namesake that no longer is. */
    void forget(String namespace) {
        underWay.compute(namespace, (name, running) -> {
            remembered.invalidate(name);
            return null;
        });
    }

    private void send(String namespace, CompletableFuture<Map<String, String>> mine) {
        api.get("api/v1/namespaces/" + namespace)
                .thenApply(response -> labels(namespace, response))
                .whenComplete((labels, failure) -> land(namespace, mine, labels, failure));
    }

    private Map<String, String> labels(String namespace, HttpResponse<byte[]> response) {
        if (response.code() == HttpURLConnection.HTTP_NOT_FOUND) {
            throw new ClusterException("namespace \"" + namespace + "\" does not exist");
        }
        if (!response.isSuccessful()) {
            String reason = ClusterException.answered(response.code(), api.message(response.body()), RIGHT);
            throw unreadable(namespace, reason, null);
        }
        return NamespaceWatch.labelsOf(api.parse(response.body(), Namespace.class));
    }

    private void land(
            String namespace,
            CompletableFuture<Map<String, String>> mine,
            @Nullable Map<String, String> labels,
            @Nullable Throwable failure) {
        underWay.computeIfPresent(namespace, (name, running) -> {
            if (running != mine) {
                return running;
            }
            if (labels != null) {
                remembered.put(name, labels);
            }
            return null;
        });
        if (labels != null) {
            mine.complete(labels);
        } else if (failure != null && failure.getCause() instanceof ClusterException clear) {
            mine.completeExceptionally(clear);
        } else {
            Throwable cause = failure == null ? new IllegalStateException("no answer") : failure;
            mine.completeExceptionally(unreadable(namespace, ClusterException.reason(cause, RIGHT), cause));
        }
    }

    private static ClusterException unreadable(String namespace, String reason, @Nullable Throwable cause) {
        String message = "namespace \"" + namespace + "\" could not be read: " + reason;
        return cause == null ? new ClusterException(message) : new ClusterException(message, cause);
    }
}
