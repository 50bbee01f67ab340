package dev.unroot.e2e.cluster;

import dev.unroot.Eventually;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates pods without end, as dry runs, from several threads at once, and counts what becomes of them. */
final class Load implements AutoCloseable {
    /**
     * An admission that failed.
     *
     * @param begun when it was sent, by System.nanoTime
     */
    record Failure(long begun, String message) {}

    private final AtomicInteger admitted = new AtomicInteger();
    private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    /** @param image one that is admitted in this namespace */
    Load(KubernetesClient client, String namespace, String image, int threadCount) {
        for (int i = 0; i < threadCount; i++) {
            String name = "load-" + i;
            Thread thread = new Thread(() -> run(client, namespace, name, image), name);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void run(KubernetesClient client, String namespace, String name, String image) {
        while (!over) {
            long begun = System.nanoTime();
            try {
                client.resource(Pods.of(namespace, name, image)).dryRun().create();
                admitted.incrementAndGet();
            } catch (KubernetesClientException e) {
                String message =
                        e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
                failures.add(new Failure(begun, message));
            }
        }
    }

    int admitted() {
        return admitted.get();
    }

    List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** Returns when so many more have been admitted. */
    void awaitAdmissions(int more) throws InterruptedException {
        int enough = admitted() + more;
        Eventually.await(more + " more admissions", () -> admitted() >= enough);
    }

    /** Waits for those under way too. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
