package dev.unroot.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.unroot.e2e.Daemon;
import dev.unroot.e2e.Programs;
import dev.unroot.e2e.UnpackedImage;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A pod's container as runc is told to run it: what kubelet and containerd make of the pod and of its image. But for the
 * seccomp profile RuntimeDefault, which is containerd's own.
 */
final class PodContainer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Pod pod;
    private final Container container;
    private final UnpackedImage image;
    private final PodVolumes volumes;
    private final Path folder;

    /** @param folder of this pod's own: the bundle, and the log */
    PodContainer(Pod pod, UnpackedImage image, PodVolumes volumes, Path folder) {
        this.pod = pod;
        this.container = pod.getSpec().getContainers().get(0);
        this.image = image;
        this.volumes = volumes;
        this.folder = folder;
    }

    Path log() {
        return folder.resolve("container.log");
    }

    /**
     * Starts it and returns at once.
     *
     * @param name no other container's on this machine
     * @param environment what the kubelet adds to the pod's
     */
    Daemon start(String name, PodNetwork.Place place, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path config = folder.resolve("config.json");
        Files.deleteIfExists(config);
        Programs.succeed(folder, "runc", "spec");
        ObjectNode spec = (ObjectNode) JSON.readTree(config.toFile());
        spec.putObject("root")
                .put("path", image.rootfs().toString())
                .put("readonly", secured().readOnly());
        spec.put("hostname", pod.getMetadata().getName());
        process(spec.withObject("/process"), environment);
        mounts(spec.withArray("/mounts"));
        linux(spec.withObject("/linux"), name, place);
        JSON.writeValue(config.toFile(), spec);
        return Daemon.start(name, log(), Map.of(), List.of("runc", "run", "--bundle", folder.toString(), name));
    }

    private void process(ObjectNode process, Map<String, String> environment) {
        process.put("terminal", false)
                .put("cwd", image.config().path("WorkingDir").asText("/"));
        ArrayNode command = process.putArray("args");
        if (container.getCommand().isEmpty()) {
            image.config().path("Entrypoint").forEach(command::add);
        } else {
            container.getCommand().forEach(command::add);
        }
        container.getArgs().forEach(command::add);

        ArrayNode variables = process.putArray("env");
        image.config().path("Env").forEach(variables::add);
        environment.forEach((key, value) -> variables.add(key + "=" + value));
        for (EnvVar variable : container.getEnv()) {
            variables.add(variable.getName() + "=" + variable.getValue());
        }

        Secured secured = secured();
        ObjectNode user = process.putObject("user").put("uid", secured.user()).put("gid", secured.group());
        Long fsGroup = pod.getSpec().getSecurityContext().getFsGroup();
        if (fsGroup != null) {
            user.putArray("additionalGids").add(fsGroup);
        }
        process.put("noNewPrivileges", !secured.mayGainPrivileges());
        process.putObject("capabilities");
        // As many open files as this machine has: runc's own example says 1024.
        process.remove("rlimits");
    }

    /** What the pod and its container say together. */
    private record Secured(long user, long group, boolean readOnly, boolean mayGainPrivileges) {}

    /** Only what the chart's pods are: a number that is no root, and no capability. */
    private Secured secured() {
        PodSecurityContext ofPod = pod.getSpec().getSecurityContext();
        SecurityContext own = container.getSecurityContext();
        if (ofPod.getRunAsUser() == null || ofPod.getRunAsUser() == 0 || own.getRunAsUser() != null) {
            throw new AssertionError("this node runs nobody but a pod's own runAsUser: " + ofPod + own);
        }
        if (!own.getCapabilities().getDrop().equals(List.of("ALL"))
                || !own.getCapabilities().getAdd().isEmpty()) {
            throw new AssertionError("this node gives no capabilities: " + own.getCapabilities());
        }
        return new Secured(
                ofPod.getRunAsUser(),
                ofPod.getRunAsGroup(),
                Boolean.TRUE.equals(own.getReadOnlyRootFilesystem()),
                !Boolean.FALSE.equals(own.getAllowPrivilegeEscalation()));
    }

    private void mounts(ArrayNode mounts) throws IOException {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
        bind(mounts, hosts, "/etc/hosts", true);
        // Nobody answers: registries of these tests have addresses for names.
        Path resolver = Files.writeString(folder.resolve("resolv.conf"), "nameserver 127.0.0.1\n");
        bind(mounts, resolver, "/etc/resolv.conf", true);
        for (VolumeMount mount : container.getVolumeMounts()) {
            if (mount.getSubPath() != null) {
                throw new AssertionError("this node mounts whole volumes only: " + mount);
            }
            bind(mounts, volumes.path(mount.getName()), mount.getMountPath(), Boolean.TRUE.equals(mount.getReadOnly()));
        }
    }

    private static void bind(ArrayNode mounts, Path source, String destination, boolean readOnly) {
        mounts.addObject()
                .put("type", "bind")
                .put("source", source.toString())
                .put("destination", destination)
                .putArray("options")
                .add("rbind")
                .add(readOnly ? "ro" : "rw");
    }

    private void linux(ObjectNode linux, String name, PodNetwork.Place place) {
        linux.put("cgroupsPath", "/" + name);
        for (JsonNode namespace : linux.path("namespaces")) {
            if (namespace.path("type").asText().equals("network")) {
                ((ObjectNode) namespace).put("path", place.namespace());
            }
        }
        Quantity memory = container.getResources().getLimits().get("memory");
        if (memory != null) {
            linux.withObject("/resources/memory")
                    .put("limit", memory.getNumericalAmount().longValueExact());
        }
    }
}
