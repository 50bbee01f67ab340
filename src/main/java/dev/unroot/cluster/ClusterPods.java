package dev.unroot.cluster;

import com.fasterxml.jackson.core.JsonParser;
import dev.unroot.common.Deadline;
import dev.unroot.common.ObjectNames;
import dev.unroot.common.Threads;
import dev.unroot.review.ExistingPods;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lists the pods of a namespace, in pages, and asks for none beyond what is wanted. Bodies are read as they arrive, and of
 * each pod only what is judged is kept; so a list of any size costs little memory. Two lists at once.
 */
public final class ClusterPods implements ExistingPods, AutoCloseable {
    private static final String RIGHT = "list on pods";
    private static final int PAGE = 500;
    private static final int AT_ONCE = 2;
    private static final int WAITING = 8;
    /** A finished pod is never made again as it is. */
    private static final String UNFINISHED = "status.phase!=Succeeded,status.phase!=Failed";

    private final KubernetesClient client;
    private final ApiReader api;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING),
            Threads.factory("unroot-cluster-pods"));

    ClusterPods(KubernetesClient client) {
        this.client = client;
        this.api = new ApiReader(client);
        threads.allowCoreThreadTimeOut(true);
    }

    public static ClusterPods of(ClusterConnection connection) {
        return new ClusterPods(connection.client());
    }

    @Override
    public CompletionStage<Found> list(String namespace, int most, Deadline deadline) {
        if (!ObjectNames.isLabel(namespace)) {
            return CompletableFuture.completedFuture(Found.NOTHING);
        }
        PodListReader reader = new PodListReader(most, deadline);
        try {
            return CompletableFuture.supplyAsync(() -> read(namespace, reader, deadline), threads);
        } catch (RejectedExecutionException busy) {
            return CompletableFuture.completedFuture(reader.found("pods of other namespaces are being listed"));
        }
    }

    private Found read(String namespace, PodListReader reader, Deadline deadline) {
        try {
            String next = "";
            do {
                HttpResponse<InputStream> response = send(path(namespace, next), deadline);
                if (response == null) {
                    return reader.found(late());
                }
                try (InputStream body = response.body()) {
                    if (!response.isSuccessful()) {
                        String message = api.message(body.readNBytes(1 << 16));
                        return reader.found(ClusterException.answered(response.code(), message, RIGHT));
                    }
                    next = readPage(body, reader, deadline);
                }
            } while (next != null && !next.isEmpty());
            return reader.found(next == null ? late() : null);
        } catch (IOException | RuntimeException failure) {
            return reader.found(deadline.isOver() ? late() : ClusterException.reason(failure, RIGHT));
        }
    }

    private static String path(String namespace, String next) {
        // No resourceVersion: with 0 API servers answer out of memory, and whole, whatever the limit.
        return "api/v1/namespaces/" + namespace + "/pods?limit=" + PAGE
                + "&fieldSelector=" + URLEncoder.encode(UNFINISHED, StandardCharsets.UTF_8)
                + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
    }

    /** Null where the deadline came first. */
    private @Nullable HttpResponse<InputStream> send(String path, Deadline deadline) throws IOException {
        long patience = deadline.remaining().toNanos();
        HttpClient http = client.getHttpClient();
        HttpRequest request = http.newHttpRequestBuilder()
                .uri(client.getMasterUrl() + path)
                .header("Accept", "application/json")
                .timeout(Math.max(1, patience), TimeUnit.NANOSECONDS)
                .build();
        CompletableFuture<HttpResponse<InputStream>> answer = http.sendAsync(request, InputStream.class);
        try {
            return answer.get(patience, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            // Whoever asked is gone; a body that still comes must not stay open.
            answer.thenAccept(response -> close(response.body()));
            return null;
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The next page's token, empty after the last; null where the deadline came first. */
    private static @Nullable String readPage(InputStream body, PodListReader reader, Deadline deadline)
            throws IOException {
        // A body that stops coming would hold the thread; closing it wakes the reader.
        CompletableFuture<Void> done = new CompletableFuture<>();
        CompletableFuture<Void> unused = done.orTimeout(
                        Math.max(1, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS)
                .whenComplete((end, late) -> {
                    if (late != null) {
                        close(body);
                    }
                });
        try (JsonParser parser = PodListReader.open(body)) {
            return reader.read(parser);
        } finally {
            done.complete(null);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException alreadyBroken) {
            // Then it holds nobody.
        }
    }

    private static String late() {
        return "the API server did not list them in time";
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
