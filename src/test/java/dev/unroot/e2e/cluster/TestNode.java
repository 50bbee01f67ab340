package dev.unroot.e2e.cluster;

import dev.unroot.e2e.UnpackedImage;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The one node of a control plane, with scheduler, kubelet and container runtime: it runs the pods whose image is
 * Unroot's, out of the image that the build makes, exactly as the pod says. All others stay Pending.
 */
final class TestNode implements AutoCloseable, ResourceEventHandler<Pod> {
    /** Its own, for whoever asks it for a log. */
    static final String ADDRESS = "127.0.0.1";

    static final String REPOSITORY = "registry.example/unroot";

    private static final String NAME = "node";
    private static final long STOP_SECONDS = 30;

    private final KubernetesClient admin;
    private final UnpackedImage image;
    private final PodNetwork network;
    private final Path folder;
    private final Map<String, String> environment;
    private final Map<String, RunningPod> pods = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "pod");
        thread.setDaemon(true);
        return thread;
    });
    private final KubeletLogs logs;
    private final SharedIndexInformer<Pod> watch;

    /**
     * @param folder where the image is unpacked, and pods have their files and logs
     * @param apiServer a port of the network's gateway
     */
    TestNode(KubernetesClient admin, PodNetwork network, Path folder, int apiServer) throws Exception {
        this.admin = admin;
        this.network = network;
        this.folder = folder;
        this.image = UnpackedImage.into(folder);
        this.environment = Map.of(
                "KUBERNETES_SERVICE_HOST",
                network.gateway(),
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(apiServer),
                "KUBERNETES_SERVICE_PORT_HTTPS",
                Integer.toString(apiServer));
        this.logs = new KubeletLogs();
        join();
        this.watch = admin.pods().inAnyNamespace().inform(this);
    }

    private void join() {
        admin.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .addToLabels(Map.of(
                                "kubernetes.io/os", "linux",
                                "kubernetes.io/arch", "amd64",
                                "kubernetes.io/hostname", NAME,
                                "topology.kubernetes.io/zone", "zone"))
                        .endMetadata()
                        .build())
                .create();
        admin.nodes()
                .withName(NAME)
                .editStatus(node -> new NodeBuilder(node)
                        .withNewStatus()
                        .addNewAddress(ADDRESS, "InternalIP")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .withNewDaemonEndpoints()
                        .withNewKubeletEndpoint(logs.port())
                        .endDaemonEndpoints()
                        .endStatus()
                        .build());
    }

    /** What a pod has in its environment besides what it says. */
    private Map<String, String> environment(Pod pod) {
        Map<String, String> all = new TreeMap<>(environment);
        all.put("HOSTNAME", pod.getMetadata().getName());
        return all;
    }

    @Override
    public void onAdd(Pod pod) {
        boolean isOurs = pod.getSpec().getContainers().get(0).getImage().startsWith(REPOSITORY + ":");
        if (isOurs && pod.getSpec().getNodeName() == null && pod.getMetadata().getDeletionTimestamp() == null) {
            try {
                start(pod);
            } catch (IOException | KubernetesClientException e) {
                System.err.println("pod " + pod.getMetadata().getName() + " was not started: " + e);
            }
        }
    }

    private void start(Pod pod) throws IOException {
        String name = pod.getMetadata().getName();
        String namespace = pod.getMetadata().getNamespace();
        Path place = Files.createDirectories(folder.resolve("pods")
                .resolve(namespace + "_" + name + "_" + pod.getMetadata().getUid()));
        admin.bindings()
                .inNamespace(namespace)
                .resource(new BindingBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewTarget()
                        .withKind("Node")
                        .withName(NAME)
                        .endTarget()
                        .build())
                .create();
        RunningPod running = new RunningPod(
                admin, pod, image, network, "unroot-" + pod.getMetadata().getUid(), place, environment(pod));
        pods.put(pod.getMetadata().getUid(), running);
        logs.add(namespace, name, running.log());
        threads.execute(running);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        RunningPod running = pods.get(pod.getMetadata().getUid());
        Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
        if (running != null && pod.getMetadata().getDeletionTimestamp() != null) {
            running.delete(grace == null ? 0 : grace);
        }
    }

    @Override
    public void onDelete(Pod pod, boolean isStateUnknown) {
        RunningPod running = pods.remove(pod.getMetadata().getUid());
        if (running != null) {
            running.delete(0);
        }
    }

    /** Ends what runs. */
    @Override
    public void close() throws IOException, InterruptedException {
        watch.stop();
        pods.values().forEach(pod -> pod.delete(0));
        threads.shutdown();
        boolean ended = threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        logs.close();
        if (!ended) {
            throw new AssertionError("not every pod ended: " + pods.keySet());
        }
    }
}
