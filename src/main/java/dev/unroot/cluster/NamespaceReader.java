package dev.unroot.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads single namespaces that the informer has not seen yet: one GET for all who ask at the same time, remembered
 * for 5 seconds, by when the informer has it. The informer's word always comes first.
 */
final class NamespaceReader {
    /** A namespace takes milliseconds. Soon enough given up, a second try still fits into a review. */
    private static final int ATTEMPT_SECONDS = 3;

    private static final int READ_SECONDS = 10;
    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final int MOST_REMEMBERED = 1000;

    private final KubernetesClient client;
    private final Executor threads;
    private final ConcurrentMap<String, CompletableFuture<Map<String, String>>> underWay = new ConcurrentHashMap<>();
    private final Cache<String, Map<String, String>> remembered = Caffeine.newBuilder()
            .expireAfterWrite(REMEMBERED)
            .maximumSize(MOST_REMEMBERED)
            .build();

    NamespaceReader(KubernetesClient client, Executor threads) {
        this.client = client;
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
        CompletableFuture<Map<String, String>> mine = new CompletableFuture<>();
        CompletableFuture<Map<String, String>> running = underWay.putIfAbsent(namespace, mine);
        if (running != null) {
            return running;
        }
        // Looked up only now: a read that ended just before would otherwise be repeated.
        Map<String, String> known = remembered.getIfPresent(namespace);
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
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            HttpClient http = client.getHttpClient();
            HttpRequest request = http.newHttpRequestBuilder()
                    .uri(client.getMasterUrl() + "api/v1/namespaces/" + namespace)
                    .header("Accept", "application/json")
                    .timeout(ATTEMPT_SECONDS, TimeUnit.SECONDS)
                    .build();
            answer = http.sendAsync(request, byte[].class);
        } catch (RuntimeException failure) {
            answer = CompletableFuture.failedFuture(failure);
        }
        // The client's own timeout ends with the answer's head; a body that never ends must not block the name.
        answer.orTimeout(READ_SECONDS, TimeUnit.SECONDS)
                .thenApply(response -> labels(namespace, response))
                .whenComplete((labels, failure) -> land(namespace, mine, labels, failure));
    }

    private Map<String, String> labels(String namespace, HttpResponse<byte[]> response) {
        if (response.code() == HttpURLConnection.HTTP_NOT_FOUND) {
            throw new ClusterException("namespace \"" + namespace + "\" does not exist");
        }
        if (!response.isSuccessful()) {
            throw unreadable(namespace, ClusterException.answered(response.code(), message(response)), null);
        }
        return NamespaceWatch.labelsOf(client.getKubernetesSerialization()
                .unmarshal(new ByteArrayInputStream(response.body()), Namespace.class));
    }

    private @Nullable String message(HttpResponse<byte[]> response) {
        try {
            return client.getKubernetesSerialization()
                    .unmarshal(new ByteArrayInputStream(response.body()), Status.class)
                    .getMessage();
        } catch (RuntimeException notAStatus) {
            return null;
        }
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
            mine.completeExceptionally(unreadable(namespace, ClusterException.reason(cause), cause));
        }
    }

    private static ClusterException unreadable(String namespace, String reason, @Nullable Throwable cause) {
        String message = "namespace \"" + namespace + "\" could not be read: " + reason;
        return cause == null ? new ClusterException(message) : new ClusterException(message, cause);
    }
}
