package dev.unroot.cluster;

import static dev.unroot.cluster.ApiServer.isRead;
import static dev.unroot.cluster.ApiServer.isWatch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.common.Deadline;
import dev.unroot.review.UndecidedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is answered: from memory, else from one read within the deadline. */
@Timeout(300)
class ClusterNamespacesTest extends ClusterNamespacesFixture {
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
    void fiftyAskersShareOneRead() throws Exception {
        begin(request -> isWatch(request)
                ? ApiServer.quietWatch(NOBODY)
                : isRead(request, "new")
                        ? ApiServer.found(ApiServer.namespace("new", HARDENED)).setBodyDelay(300, TimeUnit.MILLISECONDS)
                        : null);
        List<CompletableFuture<Map<String, String>>> answers = IntStream.range(0, 50)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> namespaces.labels("new", in(Duration.ofSeconds(25))))
                        .thenCompose(stage -> stage))
                .toList();
        for (CompletableFuture<Map<String, String>> answer : answers) {
            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(HARDENED);
        }
        assertThat(ask("new")).as("remembered").isEqualTo(HARDENED);
        assertThat(server.reads("new")).isEqualTo(1);
    }

    @Test
    void atThisMomentIsReadEachTimeWhateverMemorySays() throws Exception {
        server.write("shop", Map.of());
        AtomicReference<Map<String, String>> there = new AtomicReference<>(HARDENED);
        begin(request -> isRead(request, "shop") ? ApiServer.found(ApiServer.namespace("shop", there.get())) : null);

        assertThat(known("shop")).isEmpty();
        assertThat(current("shop")).isEqualTo(HARDENED);
        there.set(Map.of());
        assertThat(current("shop")).isEmpty();
        assertThat(server.reads("shop")).isEqualTo(2);
    }

    private Map<String, String> current(String namespace) throws Exception {
        return namespaces
                .current(namespace, in(Duration.ofSeconds(25)))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void whatTheInformerSawMeanwhileCounts() throws Exception {
        begin(request -> {
            if (!isRead(request, "new")) {
                return null;
            }
            server.writeAtOnce("new", HARDENED);
            // No answer before the informer has seen it: the read is tried again.
            return isKnown("new") ? ApiServer.found(ApiServer.namespace("new", Map.of())) : hanging();
        });
        CompletableFuture<Map<String, String>> answer =
                namespaces.labels("new", in(Duration.ofSeconds(25))).toCompletableFuture();
        eventually(() -> isKnown("new"));
        assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(HARDENED);
        assertThat(known("new")).isEqualTo(HARDENED);
    }

    @Test
    void failsAtTheDeadlineWithoutBlockingTheCaller() throws Exception {
        begin(request -> isRead(request, "slow") ? hanging() : null);
        CompletableFuture<Map<String, String>> answer =
                namespaces.labels("slow", in(Duration.ofMillis(2500))).toCompletableFuture();
        assertThat(answer).as("whoever asks goes on").isNotDone();
        CompletableFuture<String> thread =
                answer.handle((labels, failure) -> Thread.currentThread().getName());
        assertThat(thread.join()).startsWith("unroot-cluster-namespaces-");
        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(UndecidedException.class)
                .hasMessageContaining("namespace \"slow\" could not be read in time");
    }

    @Test
    void asksNothingAfterTheDeadlineNorForWhatIsNoName() {
        begin();
        int before = server.requests().size();
        assertThat(failure("unseen", Duration.ZERO)).hasMessageContaining("in time");
        for (String name : List.of("", "../secrets", "a/b", "Shop", "-a", "a-", "a".repeat(64), "a?watch=true")) {
            assertThat(failure(name, Duration.ofSeconds(25))).hasMessageContaining("cannot be a namespace's name");
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
                        "could not be read: the API server answered 403: no, because. Unroot's role has to"
                                + " allow get, list and watch on namespaces",
                        1),
                List.of(
                        401,
                        "could not be read: the API server answered 401: no, because. It does not know the credential"
                                + " that Unroot shows: look at the kubeconfig's user, or the ServiceAccount's token",
                        2),
                List.of(500, "could not be read: the API server answered 500: no, because", 3));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void saysWhyANamespaceCannotBeRead(List<Object> refusal) {
        int code = (int) refusal.get(0);
        begin(request -> isRead(request, "other") ? ApiServer.status(code, "no,\nbecause") : null);
        assertThat(failure("other", Duration.ofSeconds(25))).hasMessage("namespace \"other\" " + refusal.get(1));
        assertThat(server.reads("other")).isLessThanOrEqualTo((int) refusal.get(2));
    }

    @Test
    void closedItAnswersNothingNewAndLeavesNoThread() {
        begin();
        namespaces.close();
        assertThat(failure("unseen", Duration.ofSeconds(25))).hasMessageContaining("shutting down");
        connection.close();
        eventually(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("unroot-cluster-namespaces-")));
    }
}
