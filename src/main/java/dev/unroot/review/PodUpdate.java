package dev.unroot.review;

import dev.unroot.model.Container;
import dev.unroot.model.ContainerType;
import dev.unroot.model.Platform;
import dev.unroot.model.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What an update of a pod changes, as far as a verdict goes.
 *
 * <p>Source: pod-security-admission {@code admission.go}, {@code isSignificantPodUpdate}: containers added or removed, or
 * an image changed. Here also: a pod with scheduling gates, whose node may still be chosen (KEP-3838), is led to a platform
 * that it was not judged for, where its images may have other users. Everything else in a pod cannot change, or does not
 * matter.
 *
 * @param cluster the platforms that pods are judged for
 */
record PodUpdate(Pod before, Pod after, List<Platform> cluster) {
    boolean isSignificant() {
        return leadsElsewhere() || changesContainers();
    }

    private boolean leadsElsewhere() {
        if (before.nodes().equals(after.nodes()) && Objects.equals(before.os(), after.os())) {
            return false;
        }
        return before.runsOnWindows() != after.runsOnWindows()
                || !before.platforms(cluster).containsAll(after.platforms(cluster));
    }

    private boolean changesContainers() {
        List<Container> old = before.containers();
        List<Container> now = after.containers();
        if (old.size() != now.size()) {
            return true;
        }
        for (int i = 0; i < old.size(); i++) {
            if (!Identity.of(old.get(i)).equals(Identity.of(now.get(i)))) {
                return true;
            }
        }
        return false;
    }

    /** True for a container that was judged with the same image before. A set: a pod can have thousands. */
    Predicate<Container> hadBefore() {
        if (leadsElsewhere()) {
            return container -> false;
        }
        Set<Identity> old = new HashSet<>();
        before.containers().forEach(container -> old.add(Identity.of(container)));
        return container -> old.contains(Identity.of(container));
    }

    private record Identity(ContainerType type, String name, String image) {
        static Identity of(Container container) {
            return new Identity(container.type(), container.name(), container.image());
        }
    }
}
