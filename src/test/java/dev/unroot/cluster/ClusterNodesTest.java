package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Platform;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.mockwebserver.http.MockResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ClusterNodesTest {
    private final ApiServer server = new ApiServer();
    private final ClusterConnection connection = server.connect();
    private final AtomicInteger changes = new AtomicInteger();
    private ClusterNodes nodes;

    @AfterEach
    void close() {
        server.close();
        if (nodes != null) {
            nodes.close();
        }
        connection.close();
    }

    @Test
    void tellsEachPlatformOnceAndInOrder() {
        server.write(node("c", "linux", "arm64"));
        server.write(node("a", "linux", "amd64"));
        server.write(node("b", "linux", "arm64"));
        begin();
        assertThat(platforms()).containsExactly("linux/amd64", "linux/arm64");
        assertThat(changes).as("told once they are all listed").hasPositiveValue();
    }

    @Test
    void aNodeThatComesOrGoesCountsAtOnce() {
        server.write(node("a", "linux", "amd64"));
        begin();
        int before = changes.get();
        server.write(node("b", "linux", "s390x"));
        eventually(() -> changes.get() > before);
        assertThat(platforms()).containsExactly("linux/amd64", "linux/s390x");
        int after = changes.get();
        server.delete(node("b", "linux", "s390x"));
        eventually(() -> changes.get() > after);
        assertThat(platforms()).containsExactly("linux/amd64");
    }

    @Test
    void aNodeThatOnlyReportsItsStatusChangesNothing() {
        server.write(node("a", "linux", "amd64"));
        begin();
        int before = changes.get();
        server.write(new NodeBuilder(node("a", "linux", "amd64"))
                .editMetadata()
                .addToAnnotations("heartbeat", "2")
                .endMetadata()
                .build());
        server.write(node("z", "linux", "arm64"));
        eventually(() -> changes.get() > before);
        assertThat(changes).hasValue(before + 1);
    }

    @Test
    void whatTheKubeletReportsCountsWhereLabelsAreMissing() {
        server.write(new NodeBuilder()
                .withNewMetadata()
                .withName("young")
                .endMetadata()
                .withNewStatus()
                .withNewNodeInfo()
                .withOperatingSystem("linux")
                .withArchitecture("riscv64")
                .endNodeInfo()
                .endStatus()
                .build());
        server.write(new NodeBuilder()
                .withNewMetadata()
                .withName("mute")
                .endMetadata()
                .build());
        begin();
        assertThat(platforms()).containsExactly("linux/riscv64");
    }

    @Test
    void windowsNodesAreForPodsThatSaySo() {
        server.write(node("a", "windows", "amd64"));
        server.write(node("b", "linux", "amd64"));
        begin();
        assertThat(platforms()).containsExactly("linux/amd64");
    }

    @Test
    void withoutTheRightNothingIsKnownAndItIsTriedAgain() {
        server.write(node("a", "linux", "arm64"));
        server.answer(request ->
                request.getPath().startsWith("/api/v1/nodes") ? ApiServer.status(403, "nodes is forbidden") : null);
        nodes = ClusterNodes.start(connection, changes::incrementAndGet);
        eventually(() -> server.requests().size() >= 2);
        assertThat(platforms()).isEmpty();
        // Nobody waits for a right that may never come.
        eventually(() -> !nodes.isUnderWay());
        assertThat(changes).hasValue(0);
        server.answer(request -> null);
        eventually(() -> !platforms().isEmpty());
        assertThat(platforms()).containsExactly("linux/arm64");
    }

    @Test
    void isUnderWayUntilAllAreListedAndTold() {
        server.write(node("a", "linux", "arm64"));
        CompletableFuture<Void> held = new CompletableFuture<>();
        server.answer(request -> request.getPath().startsWith("/api/v1/nodes") ? afterwards(held) : null);
        nodes = ClusterNodes.start(connection, changes::incrementAndGet);
        assertThat(nodes.isUnderWay()).isTrue();
        held.complete(null);
        eventually(() -> !nodes.isUnderWay());
        assertThat(changes).hasPositiveValue();
        assertThat(platforms()).containsExactly("linux/arm64");
    }

    private static @Nullable MockResponse afterwards(CompletableFuture<Void> held) {
        held.join();
        return null;
    }

    private void begin() {
        nodes = ClusterNodes.start(connection, changes::incrementAndGet);
        eventually(() -> !platforms().isEmpty() && changes.get() > 0);
    }

    private List<String> platforms() {
        return nodes.platforms().stream().map(Platform::toString).toList();
    }

    private static void eventually(java.util.function.BooleanSupplier condition) {
        ClusterNamespacesFixture.eventually(condition);
    }

    private static Node node(String name, String os, String architecture) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("kubernetes.io/os", os)
                .addToLabels("kubernetes.io/arch", architecture)
                .endMetadata()
                .build();
    }
}
