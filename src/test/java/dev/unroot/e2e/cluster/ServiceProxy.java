package dev.unroot.e2e.cluster;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Plays kube-proxy for Services whose addresses are on loopback: what connects to a Service's address and port is led to
 * a pod that an EndpointSlice calls ready. Knows Services by the slices that the controller manager makes for them.
 */
final class ServiceProxy implements AutoCloseable, ResourceEventHandler<EndpointSlice> {
    private final KubernetesClient admin;
    private final Map<String, EndpointSlice> slices = new HashMap<>();
    /** By the Service's uid, then by its port's name. */
    private final Map<String, Map<String, Relay>> relays = new HashMap<>();

    private final List<Relay> withdrawn = new ArrayList<>();

    private final SharedIndexInformer<EndpointSlice> watch;

    ServiceProxy(KubernetesClient admin) {
        this.admin = admin;
        this.watch = admin.discovery().v1().endpointSlices().inAnyNamespace().inform(this);
    }

    @Override
    public synchronized void onAdd(EndpointSlice slice) {
        slices.put(slice.getMetadata().getUid(), slice);
        lead(slice);
    }

    @Override
    public void onUpdate(EndpointSlice before, EndpointSlice slice) {
        onAdd(slice);
    }

    @Override
    public synchronized void onDelete(EndpointSlice slice, boolean isStateUnknown) {
        slices.remove(slice.getMetadata().getUid());
        if (slicesOf(service(slice)).isEmpty()) {
            withdraw(relays.remove(service(slice)));
        } else {
            lead(slice);
        }
    }

    /** The uid of the Service that it belongs to. */
    private static String service(EndpointSlice slice) {
        return slice.getMetadata().getOwnerReferences().stream()
                .map(OwnerReference::getUid)
                .findFirst()
                .orElse("");
    }

    private List<EndpointSlice> slicesOf(String service) {
        return slices.values().stream()
                .filter(slice -> service(slice).equals(service))
                .toList();
    }

    private void lead(EndpointSlice changed) {
        String uid = service(changed);
        Map<String, Relay> ports = relays.computeIfAbsent(uid, absent -> relays(changed));
        ports.forEach((port, relay) -> relay.set(addresses(slicesOf(uid), port)));
    }

    /** Nothing for Services without an address of their own. */
    private Map<String, Relay> relays(EndpointSlice slice) {
        Map<String, Relay> ports = new HashMap<>();
        for (OwnerReference owner : slice.getMetadata().getOwnerReferences()) {
            Service service = admin.services()
                    .inNamespace(slice.getMetadata().getNamespace())
                    .withName(owner.getName())
                    .get();
            // Not one of the same name that was made since.
            if (service != null && service.getMetadata().getUid().equals(owner.getUid())) {
                for (ServicePort port : service.getSpec().getPorts()) {
                    listen(ports, port.getName(), service.getSpec().getClusterIP(), port.getPort());
                }
            }
        }
        return ports;
    }

    /** A port that another program has on all addresses of this machine leaves the others to the Service. */
    private static void listen(Map<String, Relay> ports, String name, String address, int port) {
        try {
            ports.put(name, new Relay(address, port));
        } catch (IOException e) {
            System.err.println("cannot listen as the Service " + address + ":" + port + ": " + e.getMessage());
        }
    }

    /** Those that are ready; where there are none, those that serve while they end (kube-proxy: topology.go). */
    private static List<InetSocketAddress> addresses(List<EndpointSlice> slices, String port) {
        List<InetSocketAddress> ready =
                addresses(slices, port, endpoint -> endpoint.getConditions().getReady());
        return ready.isEmpty()
                ? addresses(slices, port, endpoint -> endpoint.getConditions().getServing())
                : ready;
    }

    private static List<InetSocketAddress> addresses(
            List<EndpointSlice> slices, String name, Predicate<Endpoint> which) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            // Both may be null while there is no endpoint.
            List<EndpointPort> ports = slice.getPorts() == null ? List.of() : slice.getPorts();
            List<Endpoint> endpoints = slice.getEndpoints() == null ? List.of() : slice.getEndpoints();
            for (EndpointPort port : ports) {
                if (Objects.equals(port.getName(), name)) {
                    endpoints.stream()
                            .filter(which)
                            .flatMap(endpoint -> endpoint.getAddresses().stream())
                            .forEach(address -> addresses.add(new InetSocketAddress(address, port.getPort())));
                }
            }
        }
        return addresses;
    }

    /** The Service is gone; connections that there are go on, as they do with kube-proxy. */
    private void withdraw(Map<String, Relay> ports) {
        for (Relay relay : ports.values()) {
            try {
                relay.stopListening();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            withdrawn.add(relay);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        watch.stop();
        relays.values().forEach(this::withdraw);
        relays.clear();
        for (Relay relay : withdrawn) {
            relay.close();
        }
    }
}
