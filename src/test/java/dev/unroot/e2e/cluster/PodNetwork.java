package dev.unroot.e2e.cluster;

import dev.unroot.e2e.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Addresses of pods, 10.254.N.0/24: a network namespace for each, on a bridge of this machine that leads nowhere else.
 * Needs root, as containers do.
 */
final class PodNetwork implements AutoCloseable {
    private static final int NETWORKS = 250;
    private static final int FIRST_POD = 2;
    private static final int LAST_POD = 254;

    private final Path folder;
    private final int number;
    private final AtomicInteger nextPod = new AtomicInteger(FIRST_POD);

    /**
     * Where one pod is.
     *
     * @param name of the network namespace, for {@code ip netns}
     */
    record Place(String name, String address) {
        /** For what takes a network namespace by its file. */
        String namespace() {
            return "/run/netns/" + name;
        }
    }

    private PodNetwork(Path folder, int number) {
        this.folder = folder;
        this.number = number;
    }

    /** Another one than any that somebody has on this machine at the time. */
    static PodNetwork create(Path folder) throws IOException, InterruptedException {
        Programs.Result result = null;
        for (int number = 0; number < NETWORKS; number++) {
            PodNetwork network = new PodNetwork(folder, number);
            result = Programs.run(folder, List.of("ip", "link", "add", network.bridge(), "type", "bridge"));
            if (result.exit() == 0 && network.hasLeftovers()) {
                network.close();
            } else if (result.exit() == 0) {
                network.ip("address", "add", network.gateway() + "/24", "dev", network.bridge());
                network.ip("link", "set", network.bridge(), "up");
                return network;
            }
            if (result.exit() != 0 && !result.err().contains("File exists")) {
                break;
            }
        }
        throw new AssertionError("no network for pods: they need root (CAP_NET_ADMIN) and Linux bridges: " + result);
    }

    /** Of an older one with this number: they go some time after their namespaces. */
    private boolean hasLeftovers() throws IOException, InterruptedException {
        return Programs.succeed(folder, "ip", "-brief", "link").out().contains(bridge() + "-");
    }

    /** Tells networks on this machine apart. */
    int number() {
        return number;
    }

    private String bridge() {
        return "unroot-" + number;
    }

    private String address(int host) {
        return "10.254." + number + "." + host;
    }

    /** This machine, as pods see it. */
    String gateway() {
        return address(1);
    }

    Place attach() throws IOException, InterruptedException {
        int host = nextPod.getAndIncrement();
        if (host > LAST_POD) {
            throw new AssertionError("more than " + (LAST_POD - FIRST_POD) + " pods in one network");
        }
        Place place = new Place(bridge() + "-" + host, address(host));
        ip("netns", "add", place.name());
        ip("link", "add", place.name(), "type", "veth", "peer", "name", "eth0", "netns", place.name());
        ip("link", "set", place.name(), "master", bridge(), "up");
        ip("-n", place.name(), "link", "set", "lo", "up");
        ip("-n", place.name(), "address", "add", place.address() + "/24", "dev", "eth0");
        ip("-n", place.name(), "link", "set", "eth0", "up");
        ip("-n", place.name(), "route", "add", "default", "via", gateway());
        return place;
    }

    /** With the namespace goes its end of the bridge. */
    void detach(Place place) throws IOException, InterruptedException {
        ip("netns", "delete", place.name());
    }

    private void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Programs.succeed(folder, command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        ip("link", "delete", bridge());
    }
}
