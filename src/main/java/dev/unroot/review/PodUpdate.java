package dev.unroot.review;

import dev.unroot.model.Container;
import dev.unroot.model.Pod;
import java.util.List;

/**
 * What an update of a pod changes, as far as a verdict goes.
 *
 * <p>Source: pod-security-admission {@code admission.go}, {@code isSignificantPodUpdate}: containers added or removed, or
 * an image changed; everything else in a pod cannot change, or does not matter.
 */
record PodUpdate(Pod before, Pod after) {
    boolean isSignificant() {
        List<Container> old = before.containers();
        List<Container> now = after.containers();
        if (old.size() != now.size()) {
            return true;
        }
        for (int i = 0; i < old.size(); i++) {
            if (!same(old.get(i), now.get(i))) {
                return true;
            }
        }
        return false;
    }

    /** True for a container that was there with the same image. */
    boolean hadBefore(Container container) {
        return before.containers().stream().anyMatch(old -> same(old, container));
    }

    private static boolean same(Container one, Container other) {
        return one.type() == other.type()
                && one.name().equals(other.name())
                && one.image().equals(other.image());
    }
}
