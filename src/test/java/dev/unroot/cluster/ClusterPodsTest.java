package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.common.Deadline;
import dev.unroot.model.ObjectMeta;
import dev.unroot.review.ExistingPods.Found;
import io.fabric8.mockwebserver.http.MockResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ClusterPodsTest {
    private final ApiServer server = new ApiServer();
    private final ClusterConnection connection = server.connect();
    private final ClusterPods pods = ClusterPods.of(connection);

    @AfterEach
    void close() {
        server.close();
        pods.close();
        connection.close();
    }

    @Test
    void readsWhatIsJudgedOfEachPod() {
        server.answer(request -> isList(request.getPath()) ? list("", pod(1)) : null);
        Found found = list(10);
        assertThat(found.problem()).isNull();
        assertThat(found.pods()).singleElement().satisfies(subject -> {
            assertThat(subject.isPod()).isTrue();
            assertThat(subject.meta().name()).isEqualTo("web-1");
            assertThat(subject.meta().controller())
                    .isEqualTo(new ObjectMeta.Owner("apps/v1", "ReplicaSet", "web", true));
            assertThat(subject.pod().containers()).singleElement().satisfies(container -> {
                assertThat(container.image()).isEqualTo("nginx:1");
                assertThat(container.effective().runAsUser().value()).isZero();
            });
        });
        assertThat(server.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.getPath())
                        .startsWith("/api/v1/namespaces/shop/pods?limit=500&fieldSelector=status.phase")
                        .contains("Succeeded", "Failed")
                        // With one, API servers answer the whole list at once.
                        .doesNotContain("resourceVersion"));
    }

    @Test
    void readsPageAfterPage() {
        pages();
        Found found = list(10);
        assertThat(found.pods())
                .extracting(pod -> pod.meta().name())
                .containsExactly("web-1", "web-2", "web-3", "web-4", "web-5");
        assertThat(found.isCut()).isFalse();
        assertThat(found.problem()).isNull();
        assertThat(server.requests())
                .hasSize(3)
                .noneMatch(request -> request.getPath().contains("resourceVersion"));
    }

    @Test
    void asksForNoPageBeyondWhatIsWanted() {
        pages();
        Found found = list(4);
        assertThat(found.pods()).hasSize(4);
        assertThat(found.isCut()).isTrue();
        assertThat(found.problem()).isNull();
        assertThat(server.requests()).hasSize(2);
    }

    @Test
    void aLimitThatIsExactlyTheNumberCutsNothing() {
        pages();
        assertThat(list(5).isCut()).isFalse();
    }

    @Test
    void leavesOutWhatAPageHasTooMany() {
        pages();
        Found found = list(3);
        assertThat(found.pods()).extracting(pod -> pod.meta().name()).containsExactly("web-1", "web-2", "web-3");
        assertThat(found.isCut()).isTrue();
    }

    private void pages() {
        server.answer(request -> !isList(request.getPath())
                ? null
                : request.getPath().contains("continue=second%2B%2F")
                        ? list("third", pod(3), pod(4))
                        : request.getPath().contains("continue=third")
                                ? list("", pod(5))
                                : list("second+/", pod(1), pod(2)));
    }

    @Test
    void saysWhatItMayNotRead() {
        server.answer(request -> isList(request.getPath()) ? ApiServer.status(403, "pods is forbidden") : null);
        assertThat(list(10))
                .isEqualTo(new Found(
                        List.of(),
                        false,
                        "the API server answered 403: pods is forbidden. Unroot's role has to allow list on pods"));
    }

    @Test
    void aListThatBreaksOffGivesWhatWasRead() {
        server.answer(request -> isList(request.getPath())
                ? new MockResponse()
                        .setResponseCode(200)
                        .setBody("{\"kind\":\"PodList\",\"items\":[" + pod(1) + "," + pod(2) + ",{\"met")
                : null);
        Found found = list(10);
        assertThat(found.pods()).hasSize(2);
        assertThat(found.problem()).isNotNull();
    }

    @Test
    void anAnswerThatDoesNotComeHoldsNobody() throws Exception {
        server.answer(request -> isList(request.getPath()) ? list("", pod(1)).setBodyDelay(3, TimeUnit.SECONDS) : null);
        Found found = pods.list("shop", 10, Deadline.in(Duration.ofMillis(300)))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(found.pods()).isEmpty();
        assertThat(found.problem()).isEqualTo("the API server did not list them in time");
    }

    @Test
    void afterTheDeadlineNothingIsRead() {
        String many = IntStream.range(0, 200).mapToObj(ClusterPodsTest::pod).collect(Collectors.joining(","));
        server.answer(request -> isList(request.getPath()) ? list("", many) : null);
        Found found =
                pods.list("shop", 1000, Deadline.passed()).toCompletableFuture().join();
        assertThat(found.pods()).isEmpty();
        assertThat(found.problem()).isEqualTo("the API server did not list them in time");
    }

    @Test
    void aNameThatIsNoneReachesNoAddress() {
        assertThat(pods.list("../secrets", 10, in()).toCompletableFuture().join())
                .isEqualTo(Found.NOTHING);
        assertThat(server.requests()).isEmpty();
    }

    private Found list(int most) {
        try {
            return pods.list("shop", most, in()).toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Deadline in() {
        return Deadline.in(Duration.ofSeconds(20));
    }

    private static boolean isList(String path) {
        return path.startsWith("/api/v1/namespaces/shop/pods?");
    }

    private static MockResponse list(String next, String... pods) {
        return new MockResponse()
                .setResponseCode(200)
                .setBody(
                        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"9\",\"continue\":\""
                                + next + "\"},\"items\":[" + String.join(",", pods) + "]}");
    }

    private static String pod(int number) {
        return "{\"metadata\":{\"name\":\"web-" + number
                + "\",\"namespace\":\"shop\",\"managedFields\":[{\"f:env\":{}}],"
                + "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"web\","
                + "\"uid\":\"1\",\"controller\":true}]},\"spec\":{\"containers\":[{\"name\":\"web\","
                + "\"image\":\"nginx:1\",\"securityContext\":{\"runAsUser\":0}}]},\"status\":{\"phase\":\"Running\"}}";
    }
}
