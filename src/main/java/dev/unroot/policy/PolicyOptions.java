package dev.unroot.policy;

import dev.unroot.common.Glob;
import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import dev.unroot.model.Pod;
import dev.unroot.model.UserNamespaceNodes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operator decides about the levels, and the cluster about them.
 *
 * @param relaxForUserNamespaces {@code hostUsers: false} lifts the user checks, as in the Pod Security Standards from 1.35,
 *     wherever no node that is known denies it
 * @param trustTags images whose tags' answers count; elsewhere only a digest proves an image non-root
 * @param platforms the cluster's, where one of them is Windows; else empty, for then none of its nodes is
 * @param userNamespaces which nodes give a pod a user namespace
 */
public record PolicyOptions(
        boolean relaxForUserNamespaces,
        List<Glob> trustTags,
        List<Platform> platforms,
        UserNamespaceNodes userNamespaces) {
    public static final PolicyOptions DEFAULT = new PolicyOptions(true, List.of(new Glob("*")));

    public PolicyOptions(boolean relaxForUserNamespaces, List<Glob> trustTags) {
        this(relaxForUserNamespaces, trustTags, List.of(), UserNamespaceNodes.UNKNOWN);
    }

    /** The same in a cluster of these platforms. */
    public PolicyOptions in(List<Platform> cluster) {
        return new PolicyOptions(
                relaxForUserNamespaces,
                trustTags,
                cluster.stream().anyMatch(Platform::isWindows) ? List.copyOf(cluster) : List.of(),
                userNamespaces);
    }

    /** The same with what nodes say of themselves. */
    public PolicyOptions on(UserNamespaceNodes nodes) {
        return new PolicyOptions(relaxForUserNamespaces, trustTags, platforms, nodes);
    }

    boolean trustsEveryTag() {
        for (Glob glob : trustTags) {
            if (glob.isEverything()) {
                return true;
            }
        }
        return false;
    }

    boolean trustsTagOf(ImageReference image) {
        return trustTags.stream().anyMatch(glob -> glob.matches(image.name()));
    }

    /** True where uid 0 in the pod is nobody on the node, and the operator takes that for enough. */
    boolean liftsUserChecks(Pod pod) {
        return relaxForUserNamespaces && pod.hasUserNamespace() && refusal(pod) == null;
    }

    /** Why {@code hostUsers: false} does not count, half a sentence; null where it does, or was not written. */
    @Nullable
    String refusedUserNamespace(Pod pod) {
        return relaxForUserNamespaces && pod.hasUserNamespace() ? refusal(pod) : null;
    }

    private @Nullable String refusal(Pod pod) {
        return pod.mayRunOnWindows(platforms)
                ? "the pod may get to a Windows node, which has no user namespaces"
                : userNamespaces.refusal(pod);
    }
}
