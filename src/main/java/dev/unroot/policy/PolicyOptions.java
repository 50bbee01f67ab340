package dev.unroot.policy;

import dev.unroot.model.ImageReference;
import dev.unroot.model.Platform;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the operator decides about the levels.
 *
 * @param relaxForUserNamespaces {@code hostUsers: false} lifts the user checks, as in the Pod Security Standards from 1.35
 * @param trustedTag whether a tag's answer counts; elsewhere only a digest proves an image non-root
 * @param platforms the cluster's, where one of them is Windows; else empty, for then none of its nodes is
 */
public record PolicyOptions(
        boolean relaxForUserNamespaces, Predicate<ImageReference> trustedTag, List<Platform> platforms) {
    public static final PolicyOptions DEFAULT = new PolicyOptions(true, reference -> true);

    public PolicyOptions(boolean relaxForUserNamespaces, Predicate<ImageReference> trustedTag) {
        this(relaxForUserNamespaces, trustedTag, List.of());
    }

    /** The same in a cluster of these platforms. */
    public PolicyOptions in(List<Platform> cluster) {
        return new PolicyOptions(
                relaxForUserNamespaces,
                trustedTag,
                cluster.stream().anyMatch(Platform::isWindows) ? List.copyOf(cluster) : List.of());
    }
}
