package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * A control plane with what it takes to run Unroot's pods: a node, addresses of pods and Services. Its Services are on
 * loopback, 127.18.N.0/24, so the API server reaches them as it does in a cluster; pods reach it, and a registry that is
 * on loopback, by the address of their network's gateway.
 */
final class PodCluster implements AutoCloseable {
    private final PodNetwork network;
    private final ControlPlane controlPlane;
    private final Set<Integer> reached = new HashSet<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Thread hook = new Thread(this::closeAll, "end-pods");

    private PodCluster(Path folder) throws Exception {
        this.network = part(PodNetwork.create(folder));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            this.controlPlane = part(ControlPlane.start(
                    Files.createDirectories(folder.resolve("control-plane")),
                    "127.18." + network.number() + ".0/24",
                    network.gateway()));
            Relay apiServer = part(new Relay(network.gateway(), 0));
            apiServer.add(controlPlane.port());
            part(new ServiceProxy(controlPlane.admin()));
            part(new TestNode(
                    controlPlane.admin(), network, Files.createDirectories(folder.resolve("node")), apiServer.port()));
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    /** @param folder empty; logs stay there */
    static PodCluster start(Path folder) throws Exception {
        return new PodCluster(folder);
    }

    private synchronized <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    KubernetesClient admin() {
        return controlPlane.admin();
    }

    /**
     * Lets pods reach a registry.
     *
     * @return its host and port, as they know it
     */
    synchronized String reach(ImageRegistry images) throws IOException {
        int port = Integer.parseInt(images.host().substring(images.host().lastIndexOf(':') + 1));
        if (reached.add(port)) {
            part(new Relay(network.gateway(), port)).add(port);
        }
        return network.gateway() + ":" + port;
    }

    /** In the order in which they were not started. */
    private synchronized void closeAll() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception | AssertionError e) {
                System.err.println(part + " did not end: " + e);
            }
        }
    }

    @Override
    public void close() {
        closeAll();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
