package dev.unroot.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of the cluster's Linux nodes give a pod with {@code hostUsers: false} a user namespace of its own, as they say
 * themselves.
 *
 * @param groups nodes that are alike; empty where no node is known
 */
public record UserNamespaceNodes(List<Group> groups) {
    /** Nobody has asked, or nobody may. */
    public static final UserNamespaceNodes UNKNOWN = new UserNamespaceNodes(List.of());

    public UserNamespaceNodes {
        groups = List.copyOf(groups);
    }

    /**
     * Nodes of one platform that say the same.
     *
     * @param byDefault the runtime handler of pods without a RuntimeClass can
     * @param byAny every handler can. Which of them a RuntimeClass names is not known here
     * @param example one of them, and its kubelet's version: {@code "old-1" (kubelet v1.28.3)}
     * @param count how many there are
     */
    public record Group(Platform platform, boolean byDefault, boolean byAny, String example, int count) {}

    /** Whether a node is known that the pod can land on; where none is, {@link #refusal} has nobody to ask. */
    public boolean knowsOneFor(Pod pod) {
        if (groups.isEmpty()) {
            return false;
        }
        List<Platform> fitting = fitting(pod);
        return groups.stream().anyMatch(group -> fitting.contains(group.platform()));
    }

    private List<Platform> fitting(Pod pod) {
        return pod.platforms(groups.stream().map(Group::platform).distinct().toList());
    }

    /**
     * Why a pod cannot count on a user namespace, half a sentence that names a node; null where every node that it can land
     * on says that it can, and where no such node is known. What of a pod only other labels than platform's decide leaves
     * out no node.
     */
    public @Nullable String refusal(Pod pod) {
        if (groups.isEmpty()) {
            return null;
        }
        List<Platform> fitting = fitting(pod);
        Group first = null;
        int others = -1;
        for (Group group : groups) {
            boolean can = pod.runtimeClassName() == null ? group.byDefault() : group.byAny();
            if (!can && fitting.contains(group.platform())) {
                first = first == null ? group : first;
                others += group.count();
            }
        }
        if (first == null) {
            return null;
        }
        String handlers = pod.runtimeClassName() == null ? "" : " with every runtime handler";
        return "node " + first.example() + (others == 0 ? "" : " and " + others + " more")
                + " do" + (others == 0 ? "es" : "") + " not say that " + (others == 0 ? "it" : "they")
                + " can map users" + handlers;
    }
}
