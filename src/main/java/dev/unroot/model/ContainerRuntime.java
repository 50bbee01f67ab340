package dev.unroot.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The families of container runtimes that read an image's index in ways of their own. What a release is named after here
 * has not changed in those after it, up to containerd 2.4 and containers/image 5.42.
 */
public enum ContainerRuntime {
    /** 1.6 and 1.7. */
    CONTAINERD_1("containerd 1"),
    /** 2.0 to 2.2: newer variants of arm64. */
    CONTAINERD_2_0("containerd 2.0 to 2.2"),
    /** 2.3 and later: {@code os.features} count. */
    CONTAINERD_2_3("containerd from 2.3 on"),
    /** CRI-O, and with it OpenShift, and podman: containers/image. */
    CRI_O("CRI-O and podman");

    private static final Set<ContainerRuntime> CONTAINERD =
            Set.copyOf(EnumSet.of(CONTAINERD_1, CONTAINERD_2_0, CONTAINERD_2_3));

    private final String words;
    private final String label =
            name().toLowerCase(Locale.ROOT).replaceFirst("_", "-").replace('_', '.');

    ContainerRuntime(String words) {
        this.words = words;
    }

    /** For programs: {@code containerd-1}, {@code containerd-2.0}, {@code containerd-2.3}, {@code cri-o}. */
    public String label() {
        return label;
    }

    /** In words, for a message: {@code containerd 1, CRI-O and podman}; all that are containerd's are one. */
    public static String list(Collection<ContainerRuntime> runtimes) {
        boolean allOfContainerd = runtimes.containsAll(CONTAINERD);
        List<String> words = new ArrayList<>(allOfContainerd ? List.of("containerd") : List.of());
        for (ContainerRuntime runtime : values()) {
            if (runtimes.contains(runtime) && !(allOfContainerd && CONTAINERD.contains(runtime))) {
                words.add(runtime.words);
            }
        }
        return String.join(", ", words);
    }
}
