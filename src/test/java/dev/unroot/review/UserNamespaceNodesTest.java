package dev.unroot.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Level;
import dev.unroot.model.Platform;
import dev.unroot.model.UserNamespaceNodes;
import dev.unroot.model.UserNamespaceNodes.Group;
import dev.unroot.policy.PolicyOptions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code hostUsers: false} in clusters of nodes that can, that cannot, and of both. */
class UserNamespaceNodesTest {
    private static final Platform AMD64 = Platform.parse("linux/amd64");
    private static final Platform ARM64 = Platform.parse("linux/arm64");
    private static final Group CAN = new Group(AMD64, true, true, "\"new-1\" (kubelet v1.37.2)", 5);
    private static final Group CANNOT = new Group(AMD64, false, false, "\"old-1\" (kubelet v1.28.3)", 1);
    private static final Group DEFAULT_ONLY = new Group(AMD64, true, false, "\"kata-1\" (kubelet v1.37.2)", 3);

    private static final String ROOT =
            "containers: [{name: web, image: 'nginx:1.27', securityContext: {runAsUser: 0}}]";

    private final Reviews reviews = new Reviews();

    @ParameterizedTest
    @ValueSource(strings = {"NONROOT", "HARDENED", "EXPLICIT"})
    void aNodeThatCannotKeepsTheChecksAndIsNamed(Level level) {
        reviews.floor = level;
        assertThat(denial("", CAN, CANNOT))
                .startsWith("container \"web\"")
                .contains("runs as root: spec.containers[0].securityContext.runAsUser is 0; hostUsers:"
                        + " false does not count, since node \"old-1\" (kubelet v1.28.3) does not say that it can map"
                        + " users. Set it to a uid");
    }

    @Test
    void whereEveryNodeCanTheChecksAreLiftedWithoutAWord() {
        reviews.floor = Level.NONROOT;
        reviews.labels("warn", "nonroot");
        reviews.policy = nodes(CAN);
        Decision decision = reviews.review(Reviews.create("{spec: {hostUsers: false, " + ROOT + "}}"));
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings()).isEmpty();
    }

    @Test
    void whereNoNodeIsKnownTheAssumptionCountsAndIsTold() {
        reviews.floor = Level.NONROOT;
        reviews.labels("warn", "nonroot");
        Decision decision = reviews.review(Reviews.create("{spec: {hostUsers: false, " + ROOT + "}}"));
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings())
                .singleElement()
                .asString()
                .contains("may run as root in its own user namespace");
    }

    /** Nodes that are known say nothing for those that an autoscaler may add for this pod. */
    @Test
    void whereNoKnownNodeFitsTheAssumptionIsToldToo() {
        reviews.floor = Level.NONROOT;
        reviews.labels("warn", "nonroot");
        reviews.policy = nodes(CAN);
        Decision decision = reviews.review(
                Reviews.create("{spec: {hostUsers: false, nodeSelector: {kubernetes.io/arch: s390x}, " + ROOT + "}}"));
        assertThat(decision.allowed()).isTrue();
        assertThat(decision.warnings())
                .singleElement()
                .asString()
                .contains("may run as root in its own user namespace");
    }

    @Test
    void theImageIsAskedForWhereANodeCannot() {
        reviews.floor = Level.NONROOT;
        reviews.policy = nodes(CANNOT);
        reviews.review(Reviews.create("{spec: {hostUsers: false, containers: [{name: web, image: 'nginx:1.27'}]}}"));
        assertThat(reviews.images.asked()).hasSize(1);

        reviews.policy = nodes(CAN);
        reviews.review(Reviews.create("{spec: {hostUsers: false, containers: [{name: web, image: 'nginx:1.27'}]}}"));
        assertThat(reviews.images.asked()).hasSize(1);
    }

    @Test
    void onlyNodesThatThePodCanLandOnCount() {
        reviews.floor = Level.NONROOT;
        Group arm = new Group(ARM64, true, true, "\"arm-1\" (kubelet v1.37.2)", 1);
        assertThat(denial("nodeSelector: {kubernetes.io/arch: arm64}, ", CANNOT, arm))
                .isNull();
        assertThat(denial("nodeSelector: {kubernetes.io/arch: amd64}, ", CANNOT, arm))
                .contains("\"old-1\"");
        assertThat(denial("nodeSelector: {pool: new}, ", CANNOT, arm)).contains("\"old-1\"");
    }

    /** Which handler a RuntimeClass stands for is not known, so all of a node's have to. */
    @Test
    void aRuntimeClassNeedsEveryHandler() {
        reviews.floor = Level.NONROOT;
        assertThat(denial("", CAN, DEFAULT_ONLY)).isNull();
        assertThat(denial("runtimeClassName: kata, ", CAN)).isNull();
        assertThat(denial("runtimeClassName: kata, ", CAN, DEFAULT_ONLY))
                .contains("since node \"kata-1\" (kubelet v1.37.2) and 2 more do not say that they can map users with"
                        + " every runtime handler");
    }

    /** On none of which there are user namespaces. */
    @Test
    void aPodThatMayGetToAWindowsNodeIsJudged() {
        PolicyOptions mixed = nodes(CAN).in(List.of(AMD64, Platform.parse("windows/amd64")));
        assertThat(mixed.platforms()).isNotEmpty();
        reviews.floor = Level.NONROOT;
        reviews.policy = mixed;
        reviews.platforms = List.of(AMD64, Platform.parse("windows/amd64"));
        assertThat(reviews.review(Reviews.create("{spec: {hostUsers: false, " + ROOT + "}}"))
                        .denial())
                .contains("since the pod may get to a Windows node, which has no user namespaces");
        assertThat(reviews.review(Reviews.create("{spec: {os: {name: linux}, hostUsers: false, " + ROOT + "}}"))
                        .allowed())
                .isTrue();
    }

    @Test
    void strictlyNoNodeHelps() {
        reviews.floor = Level.NONROOT;
        reviews.policy =
                new PolicyOptions(false, PolicyOptions.DEFAULT.trustTags()).on(new UserNamespaceNodes(List.of(CAN)));
        assertThat(reviews.review(Reviews.create("{spec: {hostUsers: false, " + ROOT + "}}"))
                        .denial())
                .contains("runAsUser is 0. Set it");
    }

    private @org.jspecify.annotations.Nullable String denial(String fields, Group... groups) {
        reviews.policy = nodes(groups);
        return reviews.review(Reviews.create("{spec: {hostUsers: false, " + fields + ROOT + "}}"))
                .denial();
    }

    private static PolicyOptions nodes(Group... groups) {
        return PolicyOptions.DEFAULT.on(new UserNamespaceNodes(Arrays.asList(groups)));
    }
}
