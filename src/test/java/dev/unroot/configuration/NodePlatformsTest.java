package dev.unroot.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.Platform;
import dev.unroot.model.UserNamespaceNodes;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodePlatformsTest {
    private static final List<Platform> NODES = List.of(Platform.parse("linux/s390x"));

    /** Of what the cluster is made: an image that is root elsewhere only is fine, and one that is root there is not. */
    @Test
    void imagesAreJudgedOnThePlatformsOfTheNodes() throws Exception {
        assertThat(platforms("", NODES)).isEqualTo(NODES);
    }

    /** Before the nodes are known, and outside a cluster. */
    @Test
    void untilNodesAreKnownTheDefaultCounts() throws Exception {
        assertThat(platforms("", List.of()))
                .containsExactly(Platform.parse("linux/amd64"), Platform.parse("linux/arm64"));
    }

    /** Also those that are the default: an autoscaler may be about to make another node. */
    @Test
    void whatTheOperatorWroteCountsWhateverTheNodesAre() throws Exception {
        assertThat(platforms("imageLookup: {platforms: [linux/amd64, linux/arm64]}\n", NODES))
                .containsExactly(Platform.parse("linux/amd64"), Platform.parse("linux/arm64"));
    }

    private static List<Platform> platforms(String sections, List<Platform> nodes) throws Exception {
        Configuration configuration = ConfigurationFile.parse(
                "apiVersion: unroot.dev/v1\nkind: UnrootConfiguration\n" + sections, "unroot.yaml");
        return configuration
                .reviewing(nodes, UserNamespaceNodes.UNKNOWN)
                .judging()
                .platforms();
    }
}
