package dev.unroot.cluster;

import static dev.unroot.cluster.ApiServer.isList;
import static dev.unroot.cluster.ApiServer.isWatch;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.mockwebserver.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How memory follows the cluster: through changes, refusals and outages. */
@Timeout(300)
class ClusterNamespacesWatchTest extends ClusterNamespacesFixture {
    @Test
    void seesLabelsChangeAndNamespacesComeAndGo() {
        server.write("shop", NONROOT);
        begin();
        server.write("shop", HARDENED);
        eventually(() -> known("shop").equals(HARDENED));
        server.write("shop", Map.of());
        eventually(() -> known("shop").isEmpty());
        server.write("late", HARDENED);
        eventually(() -> isKnown("late"));
        assertThat(known("late")).isEqualTo(HARDENED);
        server.delete("late");
        eventually(() -> !isKnown("late"));
        assertThat(failure("late", Duration.ofSeconds(25))).hasMessage("namespace \"late\" does not exist");
    }

    @Test
    void isNotReadyWithoutTheRightToListAndSaysSo() {
        server.write("shop", HARDENED);
        server.answer(request -> isList(request) ? ApiServer.status(403, "namespaces is forbidden") : null);
        namespaces = new ClusterNamespaces(connection.client(), LONG);
        eventually(() -> namespaces.problem().orElse("").contains("403"));
        assertThat(namespaces.problem())
                .hasValue("the API server answered 403: namespaces is forbidden. Unroot's"
                        + " role has to allow get, list and watch on namespaces");
        assertThat(namespaces.synced()).isFalse();
        assertThat(ask("shop")).as("read singly meanwhile").isEqualTo(HARDENED);
        server.answer(request -> null);
        eventually(namespaces::synced);
        eventually(() -> namespaces.problem().isEmpty());
    }

    @Test
    void isOnlyReadyWithEveryPage() {
        server.answer(request -> !isList(request)
                ? null
                : request.getPath().contains("continue=more")
                        ? ApiServer.status(500, "second page")
                        : page("first", "more"));
        namespaces = new ClusterNamespaces(connection.client(), LONG);
        eventually(() -> namespaces.problem().orElse("").contains("second page"));
        assertThat(isKnown("first")).isTrue();
        assertThat(namespaces.synced()).isFalse();
        assertThat(server.requests().get(0).getPath()).contains("limit=500");
        server.answer(request -> !isList(request)
                ? null
                : request.getPath().contains("continue=more") ? page("second", "") : page("first", "more"));
        eventually(namespaces::synced);
        assertThat(isKnown("first")).isTrue();
        assertThat(isKnown("second")).isTrue();
    }

    @Test
    void keepsWhatWasKnownWhileTheServerIsAwayAndCatchesUp() throws Exception {
        server.write("shop", NONROOT);
        begin();
        server.stop();
        eventually(() -> namespaces.problem().isPresent());
        Duration away = Duration.ofSeconds(3);
        eventually(() -> namespaces.age().compareTo(away) > 0);
        assertThat(known("shop")).isEqualTo(NONROOT);
        assertThat(namespaces.synced()).isTrue();
        assertThat(failure("unseen", Duration.ofSeconds(25)))
                .hasMessageContaining("could not be read: the API server cannot be reached (");
        server.start();
        eventually(() -> namespaces.age().compareTo(away) < 0);
        eventually(() -> namespaces.problem().isEmpty());
        server.write("shop", HARDENED);
        eventually(() -> known("shop").equals(HARDENED));
    }

    @Test
    void opensTheWatchAgainWhenTheServerEndsIt() {
        CompletableFuture<WebSocket> first = new CompletableFuture<>();
        begin(request -> isWatch(request) && !first.isDone() ? ApiServer.quietWatch(first) : null);
        WebSocket socket = first.join();
        server.write("shop", HARDENED);
        socket.close(1000, "going away");
        eventually(() -> isKnown("shop"));
    }

    @Test
    void listsAgainWhenTheVersionIsTooOld() {
        server.write("gone", HARDENED);
        CompletableFuture<WebSocket> first = new CompletableFuture<>();
        begin(request -> isWatch(request) && !first.isDone() ? ApiServer.quietWatch(first) : null);
        WebSocket socket = first.join();
        server.delete("gone");
        server.write("shop", HARDENED);
        socket.send("{\"type\":\"ERROR\",\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\","
                + "\"reason\":\"Expired\",\"code\":410,\"message\":\"too old resource version\"}}");
        eventually(() -> isKnown("shop"));
        eventually(() -> !isKnown("gone"));
    }

    /** A connection that only looks open: nothing fails, nothing comes. */
    @Test
    void replacesAWatchThatWentSilent() {
        server.write("shop", NONROOT);
        server.write("gone", NONROOT);
        server.answer(request -> isWatch(request) ? ApiServer.quietWatch(NOBODY) : null);
        namespaces = new ClusterNamespaces(connection.client(), Duration.ofSeconds(1));
        eventually(namespaces::synced);
        server.write("shop", HARDENED);
        server.delete("gone");
        // Neither was told of: another watch begins with another list.
        eventually(() -> known("shop").equals(HARDENED));
        eventually(() -> !isKnown("gone"));
        assertThat(server.requests().stream().filter(ApiServer::isWatch)).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void staysWithTheOldWatchUntilTheNewOneHasListed() throws Exception {
        server.write("shop", NONROOT);
        server.answer(request -> isWatch(request) ? ApiServer.quietWatch(NOBODY) : null);
        namespaces = new ClusterNamespaces(connection.client(), Duration.ofMillis(500));
        eventually(namespaces::synced);
        server.answer(request -> isWatch(request)
                ? ApiServer.quietWatch(NOBODY)
                : isList(request) ? ApiServer.status(403, "not now") : null);
        eventually(() -> namespaces.problem().orElse("").contains("not now"));
        assertThat(known("shop")).isEqualTo(NONROOT);
        assertThat(namespaces.synced()).isTrue();
        assertThat(namespaces.age()).isGreaterThan(Duration.ofMillis(500));
    }
}
