package dev.unroot.cluster;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayInputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads single objects by their path, and gives up after 10 seconds. Beside the client's own calls, because those block a
 * thread each, and because a failure to read one must not show what was in it.
 */
final class ApiReader {
    /** An object takes milliseconds. Soon enough given up, a second try still fits into a review. */
    private static final int ATTEMPT_SECONDS = 3;

    private static final int READ_SECONDS = 10;

    private final KubernetesClient client;

    ApiReader(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Sends a GET.
     *
     * @param path below the API server's address, of checked parts: {@code api/v1/namespaces/shop}
     * @return fails with whatever went wrong on the way; an answer of any status is one
     */
    CompletableFuture<HttpResponse<byte[]>> get(String path) {
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            HttpClient http = client.getHttpClient();
            HttpRequest request = http.newHttpRequestBuilder()
                    .uri(client.getMasterUrl() + path)
                    .header("Accept", "application/json")
                    .timeout(ATTEMPT_SECONDS, TimeUnit.SECONDS)
                    .build();
            answer = http.sendAsync(request, byte[].class);
        } catch (RuntimeException failure) {
            answer = CompletableFuture.failedFuture(failure);
        }
        // The client's own timeout ends with the answer's head; a body that never ends must not block the name.
        return answer.orTimeout(READ_SECONDS, TimeUnit.SECONDS);
    }

    <T> T parse(byte[] body, Class<T> type) {
        return client.getKubernetesSerialization().unmarshal(new ByteArrayInputStream(body), type);
    }

    /** What the API server says about why it did not give the object; null where it says nothing that can be read. */
    @Nullable
    String message(byte[] body) {
        try {
            return parse(body, Status.class).getMessage();
        } catch (RuntimeException notAStatus) {
            return null;
        }
    }
}
