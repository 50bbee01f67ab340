package dev.unroot.cluster;

import dev.unroot.model.Platform;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster's nodes are, watched: their platforms and nothing else of them. It tries again for ever, until it is
 * closed; what was last known stays while the API server is away.
 */
public final class ClusterNodes extends SmallStore<Node, Optional<Platform>> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNodes.class);
    private static final String RIGHT =
            "list and watch on nodes; without it write what they are under imageLookup.platforms";
    /** A node can be 50 KB: the images it has are listed in it. */
    private static final long PAGE = 100;

    private final ListAndWatch<Node> objects;
    private final Runnable onChange;
    private volatile @Nullable String failure;
    private volatile boolean known;

    ClusterNodes(KubernetesClient client, Runnable onChange) {
        this.onChange = onChange;
        this.objects = new ListAndWatch<>("nodes", client.nodes(), PAGE, this, new Following(), ListAndWatch::sleep);
        objects.start();
    }

    /**
     * Begins to list and watch, and returns at once.
     *
     * @param onChange called on the informer's thread when {@link #platforms} may have changed, also before this returns
     */
    public static ClusterNodes start(ClusterConnection connection, Runnable onChange) {
        return new ClusterNodes(connection.client(), onChange);
    }

    /**
     * The platforms of the Linux nodes, each once, in order; empty until all nodes were listed. Windows nodes do not count:
     * a pod for one of them says so, and is then judged for Windows whatever is listed here; one that says nothing is meant
     * for Linux.
     */
    public List<Platform> platforms() {
        if (!objects.hasListed()) {
            return List.of();
        }
        return allKept()
                .flatMap(Optional::stream)
                .filter(platform -> !platform.isWindows())
                .distinct()
                .sorted(Comparator.comparing(Platform::toString))
                .toList();
    }

    /**
     * Whether the nodes are about to be known, and told. Not where they cannot be read: what is assumed then may have to do
     * for as long as that takes.
     */
    public boolean isUnderWay() {
        return !known && failure == null;
    }

    private final class Following implements ListAndWatch.Listener {
        @Override
        public void listed() {
            if (!known) {
                onChange.run();
                known = true;
            }
        }

        @Override
        public void watching() {
            failure = null;
        }

        @Override
        public void failed(Throwable cause) {
            String reason = ClusterException.reason(cause, RIGHT);
            if (!reason.equals(failure)) {
                LOG.warn("nodes cannot be watched, what was last known stays: {}", reason);
            }
            failure = reason;
        }
    }

    @Override
    public void close() {
        objects.close();
    }

    /** The labels are what the scheduler matches; the kubelet has told the same in its status before they were there. */
    @Override
    Optional<Platform> keep(Node node) {
        Map<String, String> labels = node.getMetadata().getLabels();
        NodeSystemInfo info = node.getStatus() == null ? null : node.getStatus().getNodeInfo();
        String os = label(labels, "kubernetes.io/os", info == null ? null : info.getOperatingSystem());
        String architecture = label(labels, "kubernetes.io/arch", info == null ? null : info.getArchitecture());
        try {
            return Optional.of(Platform.parse(os + "/" + architecture));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static String label(@Nullable Map<String, String> labels, String name, @Nullable String otherwise) {
        String value = labels == null ? null : labels.get(name);
        if (value != null && !value.isEmpty()) {
            return value;
        }
        return otherwise == null ? "" : otherwise;
    }

    @Override
    void changed(String name, @Nullable Optional<Platform> before, @Nullable Optional<Platform> after) {
        if (objects.hasListed() && !Objects.equals(before, after)) {
            onChange.run();
        }
    }
}
