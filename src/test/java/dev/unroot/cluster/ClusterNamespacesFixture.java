package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import dev.unroot.common.Deadline;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** A cluster, namespaces of it in memory, and short words to ask them with. */
abstract class ClusterNamespacesFixture {
    static final Map<String, String> HARDENED = Map.of("unroot.dev/enforce", "hardened");
    static final Map<String, String> NONROOT = Map.of("unroot.dev/enforce", "nonroot");
    static final Duration LONG = Duration.ofMinutes(3);
    static final CompletableFuture<WebSocket> NOBODY = new CompletableFuture<>();

    final ApiServer server = new ApiServer();
    final ClusterConnection connection = server.connect();
    ClusterNamespaces namespaces;

    /** The server first: after a client's goodbye it would wait ten seconds for the connection to end. */
    @AfterEach
    void close() {
        server.close();
        if (namespaces != null) {
            namespaces.close();
        }
        connection.close();
    }

    void begin() {
        begin(request -> null);
    }

    void begin(ApiServer.Instead instead) {
        server.answer(instead);
        namespaces = ClusterNamespaces.start(connection);
        eventually(() -> namespaces.synced() && namespaces.problem().isEmpty());
    }

    boolean isKnown(String namespace) {
        CompletableFuture<Map<String, String>> answer =
                namespaces.labels(namespace, Deadline.passed()).toCompletableFuture();
        return answer.isDone() && !answer.isCompletedExceptionally();
    }

    Map<String, String> known(String namespace) {
        return namespaces
                .labels(namespace, Deadline.passed())
                .toCompletableFuture()
                .join();
    }

    Map<String, String> ask(String namespace) {
        return namespaces
                .labels(namespace, in(Duration.ofSeconds(25)))
                .toCompletableFuture()
                .join();
    }

    Throwable failure(String namespace, Duration time) {
        try {
            Map<String, String> labels =
                    namespaces.labels(namespace, in(time)).toCompletableFuture().get(60, TimeUnit.SECONDS);
            throw new AssertionError("answered " + labels);
        } catch (ExecutionException failed) {
            assertThat(failed.getCause()).isInstanceOf(ClusterException.class);
            return failed.getCause();
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    static Deadline in(Duration time) {
        return Deadline.in(time);
    }

    static MockResponse hanging() {
        return new MockResponse().setResponseCode(200).setBody("{}").setBodyDelay(5, TimeUnit.SECONDS);
    }

    static MockResponse page(String name, String more) {
        return new MockResponse()
                .setResponseCode(200)
                .setBody("{\"apiVersion\":\"v1\",\"kind\":\"NamespaceList\",\"metadata\":{\"resourceVersion\":\"7\","
                        + "\"continue\":\"" + more + "\"},\"items\":[{\"metadata\":{\"name\":\"" + name
                        + "\",\"resourceVersion\":\"5\"}}]}");
    }

    static void eventually(BooleanSupplier condition) {
        try {
            Eventually.await("what is to come", condition::getAsBoolean);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
