package dev.unroot.cluster;

import dev.unroot.review.ModeLabels;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One informer on namespaces, and its store: of each namespace only Unroot's labels. It tries again for ever, until it is
 * closed.
 */
final class NamespaceWatch extends SmallStore<Namespace, Map<String, String>> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NamespaceWatch.class);
    /** As client-go: neither side has to hold a large cluster's list at once. */
    private static final long PAGE = 500;

    private final Consumer<String> onDeleted;
    private final SharedIndexInformer<Namespace> informer;
    private volatile @Nullable String failure;
    private @Nullable String heard;
    private boolean wasWatching;
    private volatile long heardAt = System.nanoTime();

    NamespaceWatch(KubernetesClient client, Consumer<String> onDeleted) {
        this.onDeleted = onDeleted;
        this.informer = client.namespaces().withLimit(PAGE).runnableInformer(0);
        informer.removeNamespaceIndex().itemStore(this).exceptionHandler((started, cause) -> {
            failed(ClusterException.reason(cause, NamespaceReader.RIGHT));
            return true;
        });
        informer.start();
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
        return informer.hasSynced();
    }

    /** Looks whether the API server said anything since the last look: a list, an open watch, a change, a bookmark. */
    void listen() {
        String version = informer.lastSyncResourceVersion();
        boolean watching = informer.isWatching();
        if ((version != null && !version.equals(heard)) || (watching && !wasWatching)) {
            heardAt = System.nanoTime();
        }
        heard = version;
        wasWatching = watching;
        if (watching && failure != null) {
            failure = null;
            LOG.info("namespaces are watched again");
        }
    }

    /** Since the API server last said anything, as far as {@link #listen} looked; else since the start. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heardAt);
    }

    /** Why there is no watch at the moment, half a sentence; null while there is one. */
    @Nullable
    String problem() {
        if (informer.isWatching()) {
            return null;
        }
        String known = failure;
        return known == null ? "the watch is down and being opened again" : known;
    }

    private void failed(String reason) {
        if (!reason.equals(failure)) {
            LOG.warn("namespaces cannot be watched, what was last known stays: {}", reason);
        }
        failure = reason;
    }

    @Override
    public void close() {
        informer.stop();
    }

    @Override
    Map<String, String> keep(Namespace namespace) {
        return labelsOf(namespace);
    }

    @Override
    Namespace rebuild(ObjectMeta meta, Map<String, String> labels) {
        meta.setLabels(labels);
        return new NamespaceBuilder().withMetadata(meta).build();
    }

    @Override
    void changed(String name, @Nullable Map<String, String> before, @Nullable Map<String, String> after) {
        if (after == null) {
            onDeleted.accept(name);
        }
    }
}
