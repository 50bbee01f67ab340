package dev.unroot.policy;

import dev.unroot.model.Container;
import dev.unroot.model.ImageFacts;
import dev.unroot.model.Level;
import dev.unroot.model.Pod;
import java.util.function.Function;

/**
 * One pod at one level, with what is known of its images.
 *
 * @param images the facts of a container's image; only asked where {@link ImageNeed} is not NONE
 * @param advises whether anybody will hear advice
 */
record Judgement(Level level, Pod pod, Function<Container, ImageFacts> images, PolicyOptions options, boolean advises) {

    /** True where uid 0 in the pod is nobody on the node, and the operator takes that for enough. */
    boolean userChecksLifted() {
        return options.liftsUserChecks(pod);
    }

    boolean atLeast(Level wanted) {
        return level.includes(wanted);
    }
}
