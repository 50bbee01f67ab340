package dev.unroot.e2e.cluster;

import dev.unroot.e2e.Daemon;
import dev.unroot.e2e.Programs;
import dev.unroot.e2e.UnpackedImage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One pod of one container on this node, from its binding to its end, as the kubelet leads it: volumes, container,
 * probes, status, restarts, and deletion with its grace period.
 */
final class RunningPod implements Runnable {
    private static final long PACE_MILLISECONDS = 200;
    private static final Duration VOLUMES_PACE = Duration.ofSeconds(2);
    private static final Duration FIRST_RESTART = Duration.ofSeconds(2);
    private static final int SLOWEST_RESTART = 5;

    private final KubernetesClient admin;
    private final Pod pod;
    private final PodNetwork network;
    private final Map<String, String> environment;
    private final String name;
    private final PodVolumes volumes;
    private final PodContainer container;
    private final PodStatuses statuses;
    private int restarts;
    private volatile @Nullable Long grace;

    /**
     * @param name no other pod's on this machine
     * @param folder of this pod's own
     * @param environment what every container is told
     */
    RunningPod(
            KubernetesClient admin,
            Pod pod,
            UnpackedImage image,
            PodNetwork network,
            String name,
            Path folder,
            Map<String, String> environment) {
        if (pod.getSpec().getContainers().size() != 1
                || !pod.getSpec().getInitContainers().isEmpty()) {
            throw new AssertionError("this node runs pods of one container: " + pod.getSpec());
        }
        this.admin = admin;
        this.pod = pod;
        this.network = network;
        this.name = name;
        this.environment = environment;
        this.volumes = new PodVolumes(admin, pod, folder.resolve("volumes"));
        this.container = new PodContainer(pod, image, volumes, folder);
        this.statuses = new PodStatuses(admin, pod);
    }

    Path log() {
        return container.log();
    }

    /** Somebody deleted it. */
    void delete(long graceSeconds) {
        grace = graceSeconds;
    }

    private boolean isDeleted() {
        return grace != null;
    }

    @Override
    public void run() {
        try {
            PodNetwork.Place place = network.attach();
            try {
                live(place);
            } finally {
                network.detach(place);
            }
            while (!isDeleted()) {
                Thread.sleep(PACE_MILLISECONDS);
            }
            admin.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .withGracePeriod(0)
                    .delete();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            System.err.println("pod " + pod.getMetadata().getName() + " failed on its node: " + e);
            statuses.waiting("RunContainerError", e.toString(), restarts);
        }
    }

    private void live(PodNetwork.Place place) throws IOException, InterruptedException {
        statuses.waiting("ContainerCreating", "", 0);
        awaitVolumes();
        while (!isDeleted()) {
            int exit = runOnce(place);
            String policy = pod.getSpec().getRestartPolicy();
            if (isDeleted()) {
                return;
            }
            if (policy.equals("Never") || (policy.equals("OnFailure") && exit == 0)) {
                statuses.ended(exit);
                return;
            }
            restarts++;
            statuses.waiting("CrashLoopBackOff", "the container exited with " + exit, restarts);
            pause(FIRST_RESTART.multipliedBy(Math.min(restarts, SLOWEST_RESTART)));
        }
    }

    private void awaitVolumes() throws IOException, InterruptedException {
        while (!isDeleted()) {
            try {
                volumes.write();
                return;
            } catch (PodVolumes.MissingException missing) {
                statuses.waiting("ContainerCreating", missing.getMessage(), 0);
                Thread.sleep(PACE_MILLISECONDS);
            }
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        while (!isDeleted() && System.nanoTime() - end < 0) {
            Thread.sleep(PACE_MILLISECONDS);
        }
    }

    /** Until it ends by itself, is deleted, or is not alive by its probes; gives the exit status. */
    private int runOnce(PodNetwork.Place place) throws IOException, InterruptedException {
        Daemon process = container.start(name, place, environment);
        try {
            watch(process, place.address());
            if (process.isRunning()) {
                Long seconds = grace;
                end(process, seconds == null ? pod.getSpec().getTerminationGracePeriodSeconds() : seconds);
            }
            return process.awaitEnd();
        } finally {
            remove();
            process.kill();
        }
    }

    private void watch(Daemon process, String address) throws IOException, InterruptedException {
        Container described = pod.getSpec().getContainers().get(0);
        PodProbe startup = PodProbe.of(described.getStartupProbe(), described, address);
        PodProbe readiness = PodProbe.of(described.getReadinessProbe(), described, address);
        PodProbe liveness = PodProbe.of(described.getLivenessProbe(), described, address);
        boolean started = startup == null;
        long written = System.nanoTime();
        statuses.running(false, restarts, address);
        while (process.isRunning() && !isDeleted()) {
            if (startup != null && !started) {
                PodProbe.Outcome outcome = startup.ask();
                if (outcome == PodProbe.Outcome.BAD) {
                    return;
                }
                started = outcome == PodProbe.Outcome.GOOD;
            } else {
                statuses.running(readiness == null || readiness.ask() == PodProbe.Outcome.GOOD, restarts, address);
                if (liveness != null && liveness.ask() == PodProbe.Outcome.BAD) {
                    return;
                }
            }
            if (System.nanoTime() - written > VOLUMES_PACE.toNanos()) {
                written = System.nanoTime();
                refresh();
            }
            Thread.sleep(PACE_MILLISECONDS);
        }
    }

    private void refresh() throws IOException {
        try {
            volumes.write();
        } catch (PodVolumes.MissingException | KubernetesClientException e) {
            // Deleted meanwhile, or nobody to ask: what is mounted stays as it was.
        }
    }

    /** SIGTERM, and SIGKILL once the grace period is over. runc hands signals on to the container. */
    private void end(Daemon process, long seconds) throws IOException, InterruptedException {
        process.terminate();
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (process.isRunning() && System.nanoTime() - end < 0) {
            Thread.sleep(PACE_MILLISECONDS);
        }
        if (process.isRunning()) {
            remove();
        }
    }

    /** Whatever state it is in. */
    private void remove() throws IOException, InterruptedException {
        Programs.run(container.log().getParent(), List.of("runc", "delete", "--force", name));
    }
}
