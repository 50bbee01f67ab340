package dev.unroot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Platform;
import dev.unroot.model.UserNamespaceNodes.Group;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandler;
import io.fabric8.kubernetes.api.model.NodeRuntimeHandlerBuilder;
import io.fabric8.mockwebserver.http.MockResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class ClusterNodesTest {
    private static final Platform LINUX = Platform.parse("linux/amd64");

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

    @Test
    void tellsWhichNodesMapUsersAndGroupsThoseThatAreAlike() {
        server.write(reporting("new-2", "v1.37.2", handler("", true), handler("runc", true)));
        server.write(reporting("new-1", "v1.33.0+k3s1", handler("", true), handler("runc", true)));
        server.write(reporting("kata", "v1.37.2", handler("", true), handler("kata", false)));
        server.write(reporting("refuses", "v1.37.2", handler("", false)));
        server.write(reporting("mute", "v1.37.2"));
        begin();
        assertThat(nodes.userNamespaces().groups())
                .containsExactlyInAnyOrder(
                        new Group(LINUX, true, true, "\"new-1\" (kubelet v1.33.0+k3s1)", 2),
                        new Group(LINUX, true, false, "\"kata\" (kubelet v1.37.2)", 1),
                        new Group(LINUX, false, false, "\"mute\" (kubelet v1.37.2)", 2));
    }

    @Test
    void aNodeThatHasNotToldItsPlatformMayBeOfAny() {
        server.write(reporting("new", "v1.37.2", handler("", true)));
        server.write(new NodeBuilder()
                .withNewMetadata()
                .withName("mute")
                .endMetadata()
                .build());
        begin();
        assertThat(nodes.userNamespaces().groups())
                .containsExactlyInAnyOrder(
                        new Group(LINUX, true, true, "\"new\" (kubelet v1.37.2)", 1),
                        new Group(LINUX, false, false, "\"mute\" (kubelet of unknown version)", 1));
    }

    /** Its runtime can, and it may not ask it to. */
    @ParameterizedTest
    @ValueSource(strings = {"v1.32.9", "v1.28.3", "v0.40.0", "", "unknown", "v1", "1.x", "v99999999999.40.0"})
    void anOlderKubeletIsNotBelieved(String version) {
        server.write(reporting("old", version, handler("", true)));
        begin();
        assertThat(nodes.userNamespaces().groups())
                .singleElement()
                .satisfies(
                        group -> assertThat(group.byDefault() || group.byAny()).isFalse());
    }

    @Test
    void aNodeThatIsUpgradedCountsAtOnce() {
        server.write(reporting("a", "v1.28.3"));
        begin();
        int before = changes.get();
        server.write(reporting("a", "v1.37.2", handler("", true)));
        eventually(() -> changes.get() > before);
        eventually(() -> nodes.userNamespaces().groups().get(0).byDefault());
    }

    private static NodeRuntimeHandler handler(String name, boolean mapsUsers) {
        return new NodeRuntimeHandlerBuilder()
                .withName(name)
                .withNewFeatures()
                .withUserNamespaces(mapsUsers)
                .endFeatures()
                .build();
    }

    private static Node reporting(String name, String version, NodeRuntimeHandler... handlers) {
        return new NodeBuilder(node(name, "linux", "amd64"))
                .withNewStatus()
                .withRuntimeHandlers(handlers)
                .withNewNodeInfo()
                .withKubeletVersion(version)
                .endNodeInfo()
                .endStatus()
                .build();
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
