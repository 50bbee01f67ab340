package dev.unroot.cluster;

import dev.unroot.model.Platform;
import dev.unroot.model.UserNamespaceNodes;
import dev.unroot.model.UserNamespaceNodes.Group;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cluster's nodes are, watched: their platforms, and whether they can map users, and nothing else of them. It tries
 * again for ever, until it is closed; what was last known stays while the API server is away.
 */
public final class ClusterNodes extends WatchStore<Node, NodeFacts> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNodes.class);
    private static final String RIGHT =
            "list and watch on nodes; without it write what they are under imageLookup.platforms, and under"
                    + " userNamespaces whether hostUsers: false counts";
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
     * @param onChange called on the watch's thread when what is told of them may have changed, also before this returns
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
                .map(NodeFacts::platform)
                .filter(Objects::nonNull)
                .filter(platform -> !platform.isWindows())
                .distinct()
                .sorted(Comparator.comparing(Platform::toString))
                .toList();
    }

    /**
     * Which Linux nodes can map users; unknown until all nodes were listed. A node that has not told its platform may be any
     * of them.
     */
    public UserNamespaceNodes userNamespaces() {
        if (!objects.hasListed()) {
            return UserNamespaceNodes.UNKNOWN;
        }
        List<Platform> platforms = platforms();
        Map<Group, List<NodeFacts>> alike = new LinkedHashMap<>();
        allKept().sorted(Comparator.comparing(NodeFacts::name)).forEach(node -> {
            Platform own = node.platform();
            for (Platform platform : own == null ? platforms : own.isWindows() ? List.<Platform>of() : List.of(own)) {
                Group kind = new Group(platform, node.byDefault(), node.byAny(), "", 0);
                alike.computeIfAbsent(kind, fresh -> new ArrayList<>()).add(node);
            }
        });
        return new UserNamespaceNodes(alike.entrySet().stream()
                .map(entry -> entry.getValue()
                        .get(0)
                        .group(entry.getKey().platform(), entry.getValue().size()))
                .toList());
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

    @Override
    NodeFacts keep(Node node) {
        return NodeFacts.of(node);
    }

    @Override
    void changed(String name, @Nullable NodeFacts before, @Nullable NodeFacts after) {
        if (objects.hasListed() && !Objects.equals(before, after)) {
            onChange.run();
        }
    }
}
