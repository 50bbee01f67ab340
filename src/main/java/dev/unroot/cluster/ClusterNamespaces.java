package dev.unroot.cluster;

import dev.unroot.common.Deadline;
import dev.unroot.common.ObjectNames;
import dev.unroot.common.Text;
import dev.unroot.common.Threads;
import dev.unroot.review.Namespaces;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from memory what namespaces' labels say, without asking the API server per admission. What was last known
 * stays while the API server is away. Never blocks the caller; what is not in memory completes on a thread of ours.
 */
public final class ClusterNamespaces implements Namespaces, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterNamespaces.class);
    /**
     * API servers send a bookmark about once a minute. After three the connection may be one that only looks open
     * (nothing else would notice for ten minutes), so namespaces are listed and watched anew.
     */
    private static final Duration SUSPICIOUS_SILENCE = Duration.ofMinutes(3);

    private final KubernetesClient client;
    private final Duration suspiciousSilence;
    private final ScheduledThreadPoolExecutor threads;
    private final NamespaceReader reader;
    /** Answers. */
    private volatile NamespaceWatch watch;
    /** Takes over once it has listed everything. */
    private volatile @Nullable NamespaceWatch next;

    ClusterNamespaces(KubernetesClient client, Duration suspiciousSilence) {
        this.client = client;
        this.suspiciousSilence = suspiciousSilence;
        this.threads = new ScheduledThreadPoolExecutor(2, Threads.factory("unroot-cluster-namespaces"));
        threads.setRemoveOnCancelPolicy(true);
        this.reader = new NamespaceReader(new ApiReader(client), threads);
        this.watch = new NamespaceWatch(client, reader::forget);
        long pause = Math.min(1_000, Math.max(1, suspiciousSilence.toMillis() / 20));
        Future<?> unused = threads.scheduleWithFixedDelay(this::tend, pause, pause, TimeUnit.MILLISECONDS);
    }

    /** Begins to list and watch, and returns at once; {@link #synced} says when memory is complete. */
    public static ClusterNamespaces start(ClusterConnection connection) {
        return new ClusterNamespaces(connection.client(), SUSPICIOUS_SILENCE);
    }

    @Override
    public CompletionStage<Map<String, String>> labels(String namespace, Deadline deadline) {
        Map<String, String> known = watch.labels(namespace);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        // What was read is only used where the informer still knows nothing: it may be the older of the two.
        return ask(namespace, deadline, reader::read, (read, seen) -> seen == null ? read : seen);
    }

    @Override
    public CompletionStage<Map<String, String>> current(String namespace, Deadline deadline) {
        return ask(namespace, deadline, reader::readNow, (read, seen) -> read);
    }

    /** @param best of what was read and what the watch has seen meanwhile, which may both be null; null where neither will do */
    private CompletionStage<Map<String, String>> ask(
            String namespace,
            Deadline deadline,
            Function<String, CompletableFuture<Map<String, String>>> read,
            BinaryOperator<@Nullable Map<String, String>> best) {
        if (!ObjectNames.isLabel(namespace)) {
            return failed(Text.quote(namespace) + " cannot be a namespace's name");
        }
        if (deadline.isOver()) {
            return failed(late(namespace));
        }
        CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();
        try {
            Future<?> alarm = threads.schedule(
                    () -> finish(
                            answer,
                            namespace,
                            best.apply(null, watch.labels(namespace)),
                            new ClusterException(late(namespace))),
                    deadline.remaining().toNanos(),
                    TimeUnit.NANOSECONDS);
            read.apply(namespace)
                    .whenCompleteAsync(
                            (labels, failure) -> {
                                alarm.cancel(false);
                                finish(answer, namespace, best.apply(labels, watch.labels(namespace)), failure);
                            },
                            threads);
        } catch (RejectedExecutionException closed) {
            return failed("namespace \"" + namespace + "\" could not be read: Unroot is shutting down");
        }
        return answer;
    }

    private static void finish(
            CompletableFuture<Map<String, String>> answer,
            String namespace,
            @Nullable Map<String, String> labels,
            @Nullable Throwable failure) {
        if (labels != null) {
            answer.complete(labels);
        } else {
            answer.completeExceptionally(failure == null ? new ClusterException(late(namespace)) : failure);
        }
    }

    /** Whether every namespace has been listed once: ready to serve. Stays true when the API server goes away. */
    public boolean synced() {
        return watch.synced();
    }

    /**
     * How long ago the API server last said anything about namespaces: how old memory may be. In a quiet cluster
     * up to three minutes are normal. Before the first list, since the start.
     */
    public Duration age() {
        return watch.silence();
    }

    /** Why namespaces are not watched at this moment, half a sentence for people. */
    public Optional<String> problem() {
        NamespaceWatch youngest = next;
        return Optional.ofNullable((youngest == null ? watch : youngest).problem());
    }

    /** The only writer of {@code watch} and {@code next}. */
    private synchronized void tend() {
        if (threads.isShutdown()) {
            return;
        }
        try {
            NamespaceWatch successor = next;
            if (successor != null && successor.synced()) {
                NamespaceWatch previous = watch;
                watch = successor;
                next = null;
                previous.close();
            } else if ((successor == null ? watch : successor).silence().compareTo(suspiciousSilence) > 0) {
                next = new NamespaceWatch(client, reader::forget);
                if (successor != null) {
                    successor.close();
                }
            }
        } catch (RuntimeException fault) {
            // A scheduled task that throws is never run again.
            LOG.warn("the watch on namespaces could not be tended", fault);
        }
    }

    @Override
    public synchronized void close() {
        threads.shutdown();
        watch.close();
        NamespaceWatch successor = next;
        if (successor != null) {
            successor.close();
        }
    }

    private static CompletionStage<Map<String, String>> failed(String message) {
        return CompletableFuture.failedFuture(new ClusterException(message));
    }

    private static String late(String namespace) {
        return "namespace \"" + namespace + "\" could not be read in time: the API server did not answer";
    }
}
