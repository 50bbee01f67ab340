package dev.unroot.cluster;

import dev.unroot.review.ModeLabels;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch on namespaces, and its store: of each namespace only Unroot's labels. */
final class NamespaceWatch extends WatchStore<Namespace, Map<String, String>>
        implements ListAndWatch.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceWatch.class);
    /** As client-go: neither side has to hold a large cluster's list at once. */
    private static final long PAGE = 500;

    private final Consumer<String> onDeleted;
    private final ListAndWatch<Namespace> objects;
    private volatile @Nullable String failure;

    NamespaceWatch(KubernetesClient client, Consumer<String> onDeleted) {
        this(client, onDeleted, ListAndWatch::sleep);
    }

    NamespaceWatch(KubernetesClient client, Consumer<String> onDeleted, ListAndWatch.Pause pause) {
        this.onDeleted = onDeleted;
        this.objects = new ListAndWatch<>("namespaces", client.namespaces(), PAGE, this, this, pause);
        objects.start();
    }

    /** Labels under Unroot's prefix; null for a namespace that was not seen. */
    @Nullable
    Map<String, String> labels(String namespace) {
        return kept(namespace);
    }

    static Map<String, String> labelsOf(Namespace namespace) {
        Map<String, String> ours = new HashMap<>(4);
        Map<String, String> all = namespace.getMetadata().getLabels();
        if (all != null) {
            all.forEach((label, value) -> {
                if (label.startsWith(ModeLabels.PREFIX)) {
                    ours.put(label, value == null ? "" : value);
                }
            });
        }
        return Map.copyOf(ours);
    }

    /** Whether every namespace was listed. Stays so. */
    boolean synced() {
        return objects.hasListed();
    }

    /** Since the API server last said anything: a list, an open watch, a change, a bookmark; else since the start. */
    Duration silence() {
        return objects.silence();
    }

    /** Why there is no watch at the moment, half a sentence; null while there is one. */
    @Nullable
    String problem() {
        if (objects.isWatching()) {
            return null;
        }
        String known = failure;
        return known == null ? "the watch is down and being opened again" : known;
    }

    @Override
    public void listed() {}

    @Override
    public void watching() {
        if (failure != null) {
            failure = null;
            LOG.info("namespaces are watched again");
        }
    }

    @Override
    public void failed(Throwable cause) {
        String reason = ClusterException.reason(cause, NamespaceReader.RIGHT);
        if (!reason.equals(failure)) {
            LOG.warn("namespaces cannot be watched, what was last known stays: {}", reason);
        }
        failure = reason;
    }

    @Override
    public void close() {
        objects.close();
    }

    @Override
    Map<String, String> keep(Namespace namespace) {
        return labelsOf(namespace);
    }

    @Override
    void changed(String name, @Nullable Map<String, String> before, @Nullable Map<String, String> after) {
        if (after == null) {
            onDeleted.accept(name);
        }
    }
}
