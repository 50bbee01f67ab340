package dev.unroot.model;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pod's spec, or the one in a controller's template.
 *
 * @param path where it stands: {@code spec}, {@code spec.template.spec}, …
 * @param securityContext the pod's own
 * @param containers init and sidecar containers, then app, then ephemeral ones, each in its list's order
 * @param os {@code spec.os.name}; null where unset
 * @param nodes what it asks of its node
 * @param hostUsers {@code spec.hostUsers}; false gives the pod a user namespace of its own
 * @param imagePullSecrets names of Secrets in its namespace, in order
 */
public record Pod(
        FieldPath path,
        SecurityContext securityContext,
        List<Container> containers,
        @Nullable String os,
        NodeRequirements nodes,
        @Nullable Boolean hostUsers,
        @Nullable String runtimeClassName,
        @Nullable String serviceAccountName,
        List<String> imagePullSecrets) {
    public Pod {
        containers = List.copyOf(containers);
        imagePullSecrets = List.copyOf(imagePullSecrets);
    }

    /** True for {@code spec.os.name: windows}; a Linux kubelet rejects such a pod. */
    public boolean saysWindows() {
        return "windows".equals(os);
    }

    /** True where its containers can only start on Windows nodes, whose runtime ignores {@code runAsUser}. */
    public boolean runsOnWindows() {
        return saysWindows() || (os == null && !nodes.allows("linux") && nodes.allows("windows"));
    }

    /**
     * True where it can start on a Windows node: one that says so, and in a cluster with such nodes one that does not say
     * otherwise.
     *
     * @param cluster the cluster's platforms where one of them is Windows; else empty
     */
    public boolean mayRunOnWindows(List<Platform> cluster) {
        // Of most clusters nothing is asked: this is on the path of every pod.
        return runsOnWindows()
                || (!cluster.isEmpty() && platforms(cluster).stream().anyMatch(Platform::isWindows));
    }

    /** True where uid 0 in the pod is not uid 0 on the node. Windows has no such thing. */
    public boolean hasUserNamespace() {
        return Boolean.FALSE.equals(hostUsers) && !runsOnWindows();
    }

    /** Of the cluster's platforms, those this pod can land on; never empty. */
    public List<Platform> platforms(List<Platform> cluster) {
        return nodes.fitting(cluster, os);
    }

    /** The same pod without the containers that are exempt; itself where none is. */
    public Pod without(Predicate<Container> exempt) {
        List<Container> rest = containers.stream().filter(exempt.negate()).toList();
        return rest.size() == containers.size()
                ? this
                : new Pod(
                        path,
                        securityContext,
                        rest,
                        os,
                        nodes,
                        hostUsers,
                        runtimeClassName,
                        serviceAccountName,
                        imagePullSecrets);
    }
}
