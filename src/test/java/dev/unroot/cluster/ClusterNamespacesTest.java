package dev.unroot.cluster;

import static dev.unroot.cluster.ApiServer.isList;
import static dev.unroot.cluster.ApiServer.isRead;
import static dev.unroot.cluster.ApiServer.isWatch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.review.Deadline;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ClusterNamespacesTest {
    private static final Map<String, String> HARDENED = Map.of("unroot.dev/enforce", "hardened");
    private static final Map<String, String> NONROOT = Map.of("unroot.dev/enforce", "nonroot");
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final CompletableFuture<WebSocket> NOBODY = new CompletableFuture<>();

    private final ApiServer server = new ApiServer();
    private final ClusterConnection connection = server.connect();
    private ClusterNamespaces namespaces;

    /** The server first: after a client's goodbye it would wait ten seconds for the connection to end. */
    @AfterEach
    void close() {
        server.close();
        if (namespaces != null) {
            namespaces.close();
        }
        connection.close();
    }

    @Test
    void answersFromMemoryWithUnrootsLabelsOnly() {
        server.write(
                "shop", Map.of("unroot.dev/enforce", "hardened", "unroot.dev/warn", "explicit", "team", "checkout"));
        server.write("plain", Map.of("team", "search"));
        begin();
        int before = server.requests().size();
        for (int i = 0; i < 1000; i++) {
            assertThat(namespaces.labels("shop", Deadline.passed()))
                    .isCompletedWithValue(Map.of("unroot.dev/enforce", "hardened", "unroot.dev/warn", "explicit"));
            assertThat(namespaces.labels("plain", Deadline.passed())).isCompletedWithValue(Map.of());
        }
        assertThat(server.requests()).hasSize(before);
        assertThat(namespaces.problem()).isEmpty();
    }

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
        assertThat(failure("late", Duration.ofSeconds(5))).hasMessage("namespace \"late\" does not exist");
    }

    @Test
    void fiftyAskersShareOneRead() throws Exception {
        begin(request -> isWatch(request)
                ? ApiServer.quietWatch(NOBODY)
                : isRead(request, "new")
                        ? ApiServer.found(ApiServer.namespace("new", HARDENED)).setBodyDelay(300, TimeUnit.MILLISECONDS)
                        : null);
        List<CompletableFuture<Map<String, String>>> answers = IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> namespaces.labels("new", in(Duration.ofSeconds(20))))
                        .thenCompose(stage -> stage))
                .toList();
        for (CompletableFuture<Map<String, String>> answer : answers) {
            assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(HARDENED);
        }
        assertThat(ask("new")).as("remembered").isEqualTo(HARDENED);
        assertThat(server.reads("new")).isEqualTo(1);
    }

    @Test
    void whatTheInformerSawMeanwhileCounts() throws Exception {
        begin(request -> {
            if (!isRead(request, "new")) {
                return null;
            }
            server.writeAtOnce("new", HARDENED);
            return ApiServer.found(ApiServer.namespace("new", Map.of())).setBodyDelay(2, TimeUnit.SECONDS);
        });
        CompletableFuture<Map<String, String>> answer =
                namespaces.labels("new", in(Duration.ofSeconds(9))).toCompletableFuture();
        eventually(() -> isKnown("new"));
        assertThat(answer.get(9, TimeUnit.SECONDS)).isEqualTo(HARDENED);
        assertThat(known("new")).isEqualTo(HARDENED);
    }

    @Test
    void failsAtTheDeadlineWithoutBlockingTheCaller() throws Exception {
        begin(request -> isRead(request, "slow") ? hanging() : null);
        long start = System.nanoTime();
        CompletableFuture<Map<String, String>> answer =
                namespaces.labels("slow", in(Duration.ofSeconds(1))).toCompletableFuture();
        CompletableFuture<String> thread =
                answer.handle((labels, failure) -> Thread.currentThread().getName());
        assertThat(elapsed(start)).isLessThan(Duration.ofMillis(900));
        assertThat(thread.join()).startsWith("unroot-cluster-namespaces-");
        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(ClusterException.class)
                .hasMessageContaining("namespace \"slow\" could not be read in time");
        assertThat(elapsed(start)).isBetween(Duration.ofMillis(990), Duration.ofMillis(2500));
    }

    @Test
    void asksNothingAfterTheDeadlineNorForWhatIsNoName() {
        begin();
        int before = server.requests().size();
        assertThat(failure("unseen", Duration.ZERO)).hasMessageContaining("in time");
        for (String name : List.of("", "../secrets", "a/b", "Shop", "-a", "a-", "a".repeat(64), "a?watch=true")) {
            assertThat(failure(name, Duration.ofSeconds(5))).hasMessageContaining("cannot be a namespace's name");
        }
        assertThat(server.requests()).hasSize(before);
    }

    @Test
    void aReadThatHangsIsTriedOnceMoreInTime() throws Exception {
        AtomicInteger reads = new AtomicInteger();
        begin(request -> isRead(request, "shaky")
                ? reads.getAndIncrement() == 0 ? hanging() : ApiServer.found(ApiServer.namespace("shaky", HARDENED))
                : null);
        assertThat(ask("shaky")).isEqualTo(HARDENED);
        assertThat(reads).hasValue(2);
    }

    static Stream<List<Object>> refusals() {
        return Stream.of(
                List.of(404, "does not exist", 1),
                List.of(
                        403,
                        "could not be read: the API server answered 403: no, because. Unroot's ClusterRole has to"
                                + " allow get, list and watch on namespaces",
                        1),
                List.of(401, "could not be read: the API server answered 401: no, because", 2),
                List.of(500, "could not be read: the API server answered 500: no, because", 3));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void saysWhyANamespaceCannotBeRead(List<Object> refusal) {
        int code = (int) refusal.get(0);
        begin(request -> isRead(request, "other") ? ApiServer.status(code, "no,\nbecause") : null);
        assertThat(failure("other", Duration.ofSeconds(5))).hasMessage("namespace \"other\" " + refusal.get(1));
        assertThat(server.reads("other")).isLessThanOrEqualTo((int) refusal.get(2));
    }

    @Test
    void isNotReadyWithoutTheRightToListAndSaysSo() {
        server.write("shop", HARDENED);
        server.answer(request -> isList(request) ? ApiServer.status(403, "namespaces is forbidden") : null);
        namespaces = new ClusterNamespaces(connection.client(), LONG);
        eventually(() -> namespaces.problem().orElse("").contains("403"));
        assertThat(namespaces.problem())
                .hasValue("the API server answered 403: namespaces is forbidden. Unroot's"
                        + " ClusterRole has to allow get, list and watch on namespaces");
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
        assertThat(failure("unseen", Duration.ofSeconds(5)))
                .hasMessageContaining("could not be read: the API server cannot be reached (");
        server.start();
        eventually(() -> namespaces.age().compareTo(away) < 0);
        assertThat(namespaces.problem()).isEmpty();
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
        assertThat(known("shop")).isEqualTo(NONROOT);
        eventually(() -> known("shop").equals(HARDENED));
        assertThat(isKnown("gone")).isFalse();
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

    @Test
    void closedItAnswersNothingNewAndLeavesNoThread() {
        begin();
        namespaces.close();
        assertThat(failure("unseen", Duration.ofSeconds(5))).hasMessageContaining("shutting down");
        connection.close();
        eventually(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("unroot-cluster-namespaces-")));
    }

    private void begin() {
        begin(request -> null);
    }

    private void begin(ApiServer.Instead instead) {
        server.answer(instead);
        namespaces = ClusterNamespaces.start(connection);
        eventually(() -> namespaces.synced() && namespaces.problem().isEmpty());
    }

    private boolean isKnown(String namespace) {
        CompletableFuture<Map<String, String>> answer =
                namespaces.labels(namespace, Deadline.passed()).toCompletableFuture();
        return answer.isDone() && !answer.isCompletedExceptionally();
    }

    private Map<String, String> known(String namespace) {
        return namespaces
                .labels(namespace, Deadline.passed())
                .toCompletableFuture()
                .join();
    }

    private Map<String, String> ask(String namespace) {
        return namespaces
                .labels(namespace, in(Duration.ofSeconds(9)))
                .toCompletableFuture()
                .join();
    }

    private Throwable failure(String namespace, Duration time) {
        try {
            Map<String, String> labels =
                    namespaces.labels(namespace, in(time)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            throw new AssertionError("answered " + labels);
        } catch (ExecutionException failed) {
            assertThat(failed.getCause()).isInstanceOf(ClusterException.class);
            return failed.getCause();
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    private static Deadline in(Duration time) {
        return Deadline.in(time);
    }

    private static Duration elapsed(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static MockResponse hanging() {
        return new MockResponse().setResponseCode(200).setBody("{}").setBodyDelay(5, TimeUnit.SECONDS);
    }

    private static MockResponse page(String name, String more) {
        return new MockResponse()
                .setResponseCode(200)
                .setBody("{\"apiVersion\":\"v1\",\"kind\":\"NamespaceList\",\"metadata\":{\"resourceVersion\":\"7\","
                        + "\"continue\":\"" + more + "\"},\"items\":[{\"metadata\":{\"name\":\"" + name
                        + "\",\"resourceVersion\":\"5\"}}]}");
    }

    private static void eventually(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(elapsed(start)).as("within 30 seconds").isLessThan(Duration.ofSeconds(30));
            try {
                Thread.sleep(10);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }
}
