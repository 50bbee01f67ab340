package dev.unroot.cluster;

import static dev.unroot.cluster.ApiServer.isList;
import static dev.unroot.cluster.ApiServer.isWatch;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.Eventually;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.mockwebserver.http.Response;
import io.fabric8.mockwebserver.http.WebSocket;
import io.fabric8.mockwebserver.http.WebSocketListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches that fail at once, again and again: how often the API server is asked, and what for. Pauses take no time here. */
@Timeout(300)
class ListAndWatchTest {
    private static final int PAUSES = 9;
    /** The client's own, of one request that was answered with an error. */
    private static final int TRIES = 3;

    private static final String GONE =
            "{\"type\":\"ERROR\",\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\","
                    + "\"reason\":\"Expired\",\"code\":410,\"message\":\"too old resource version\"}}";
    private static final String BOOKMARK = "{\"type\":\"BOOKMARK\",\"object\":{\"apiVersion\":\"v1\","
            + "\"kind\":\"Namespace\",\"metadata\":{\"resourceVersion\":\"77\"}}}";

    private final ApiServer server = new ApiServer();
    private final ClusterConnection connection = server.connect();
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private NamespaceWatch watch;

    @AfterEach
    void close() {
        server.close();
        if (watch != null) {
            watch.close();
        }
        connection.close();
    }

    @Test
    void anExpiredVersionIsListedAnewEverLessOften() throws Exception {
        failing(request -> isWatch(request) ? opened(socket -> socket.send(GONE)) : null);

        assertThat(count(ApiServer::isList)).isEqualTo(PAUSES + 1);
        assertThat(count(ApiServer::isWatch)).isEqualTo(PAUSES + 1);
        assertThat(watch.problem()).isEqualTo("the API server no longer has what the watch began with");
    }

    @Test
    void garbageIsListedAnewEverLessOften() throws Exception {
        for (String garbage : List.of(
                "}{",
                "[]",
                "\"\"",
                "{\"type\":\"ADDED\"}",
                "{\"type\":\"NEVER\",\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{}}}",
                "{\"type\":\"ADDED\",\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Namespace\"}}")) {
            failing(request -> isWatch(request) ? opened(socket -> socket.send(garbage)) : null);

            assertThat(count(ApiServer::isList)).as(garbage).isEqualTo(PAUSES + 1);
            assertThat(count(ApiServer::isWatch)).as(garbage).isEqualTo(PAUSES + 1);
            watch.close();
        }
    }

    /** Nothing was missed, so there is no list. */
    @Test
    void aWatchThatEndsAfterAWordIsOpenedEverLessOften() throws Exception {
        failing(request -> isWatch(request)
                ? opened(socket -> {
                    socket.send(BOOKMARK);
                    socket.close(1000, "");
                })
                : null);

        assertThat(count(ApiServer::isList)).isEqualTo(1);
        assertThat(count(ApiServer::isWatch)).isEqualTo(PAUSES + 1);
        assertThat(server.requests().stream()
                        .filter(request -> isWatch(request) && request.getPath().contains("resourceVersion=77")))
                .hasSize(PAUSES);
    }

    @Test
    void aWatchThatEndsWithoutAWordIsListedAnewEverLessOften() throws Exception {
        failing(request -> isWatch(request) ? opened(socket -> socket.close(1000, "")) : null);

        assertThat(count(ApiServer::isWatch)).isEqualTo(PAUSES + 1);
        assertThat(count(ApiServer::isList)).isLessThanOrEqualTo(PAUSES + 1);
    }

    @Test
    void refusedWatchesAreAskedForEverLessOften() throws Exception {
        for (int code : List.of(400, 403, 404, 410, 429, 500)) {
            failing(request -> isWatch(request) ? ApiServer.status(code, "no") : null);

            assertThat(count(ApiServer::isWatch)).as("%s", code).isLessThanOrEqualTo(TRIES * (PAUSES + 1));
            boolean busy = code == 429 || code >= 500;
            assertThat(count(ApiServer::isList)).as("%s", code).isEqualTo(busy ? 1 : PAUSES + 1);
            watch.close();
        }
    }

    @Test
    void failedListsAreAskedForEverLessOften() throws Exception {
        failing(request -> isList(request) ? ApiServer.status(500, "no") : null);

        assertThat(count(ApiServer::isList)).isLessThanOrEqualTo(TRIES * (PAUSES + 1));
        assertThat(count(ApiServer::isWatch)).isZero();
    }

    /** Begins, and returns once it has paused so often that it waits the longest. */
    private void failing(ApiServer.Instead instead) throws InterruptedException {
        server.write("shop", Map.of());
        server.answer(instead);
        server.requests().clear();
        pauses.clear();
        CountDownLatch never = new CountDownLatch(1);
        watch = new NamespaceWatch(connection.client(), name -> {}, duration -> {
            pauses.add(duration);
            if (pauses.size() > PAUSES) {
                never.await();
            }
        });
        Eventually.await("the last pause", () -> pauses.size() > PAUSES);
        Duration least = Backoff.FIRST;
        for (Duration pause : pauses) {
            assertThat(pause).isBetween(least, least.multipliedBy(2));
            least = least.multipliedBy(2).compareTo(Backoff.LONGEST) < 0 ? least.multipliedBy(2) : Backoff.LONGEST;
        }
        assertThat(least).isEqualTo(Backoff.LONGEST);
    }

    private long count(Predicate<RecordedRequest> what) {
        return server.requests().stream().filter(what).count();
    }

    private static MockResponse opened(Consumer<WebSocket> then) {
        return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                then.accept(socket);
            }

            @Override
            public void onClosing(WebSocket socket, int code, String reason) {
                socket.close(code, reason);
            }
        });
    }
}
