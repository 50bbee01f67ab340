package dev.unroot.policy;

import dev.unroot.model.ImageReference;
import java.util.function.Predicate;

/**
 * What the operator decides about the levels.
 *
 * @param relaxForUserNamespaces {@code hostUsers: false} lifts the user checks, as in the Pod Security Standards from 1.35
 * @param trustedTag whether a tag's answer counts; elsewhere only a digest proves an image non-root
 */
public record PolicyOptions(boolean relaxForUserNamespaces, Predicate<ImageReference> trustedTag) {
    public static final PolicyOptions DEFAULT = new PolicyOptions(true, reference -> true);
}
