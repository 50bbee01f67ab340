package dev.unroot.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a pod asks of its node's operating system and architecture, by nodeSelector and required node affinity. The
 * scheduler holds to both, and so does the kubelet where a pod names its node itself.
 *
 * <p>Source: component-helpers {@code nodeaffinity.go} ({@code GetRequiredNodeAffinity}), kubelet
 * {@code lifecycle/predicate.go}. What is not understood, and what only other labels decide, leaves nothing out: a
 * platform that the pod could land on must never be missed.
 *
 * @param selector all of them hold on the pod's node
 * @param terms on the pod's node all of at least one of these hold; null where affinity asks nothing, empty where it asks
 *     what no node has
 */
public record NodeRequirements(
        List<Requirement> selector, @Nullable List<List<Requirement>> terms) {
    public static final NodeRequirements NONE = new NodeRequirements(List.of(), null);

    /** Of a label's values, where the cluster lists none of them; more could only be meant to make work. */
    private static final int MOST_NAMED = 8;

    private static final Set<String> USUAL = Set.of("amd64");
    /** Those that Kubernetes is released for; where a pod says only what its node is not, any of them may be meant. */
    private static final Set<String> KNOWN = Set.of("amd64", "arm64", "arm", "ppc64le", "riscv64", "s390x");

    public NodeRequirements {
        selector = List.copyOf(selector);
        terms = terms == null ? null : terms.stream().map(List::copyOf).toList();
    }

    /** The labels by which a node tells what it is. */
    public enum Label {
        OS,
        ARCHITECTURE;

        /** Null for a label that is neither. The kubelet sets the beta names too. */
        public static @Nullable Label of(String name) {
            return switch (name) {
                case "kubernetes.io/os", "beta.kubernetes.io/os" -> OS;
                case "kubernetes.io/arch", "beta.kubernetes.io/arch" -> ARCHITECTURE;
                default -> null;
            };
        }

        private String of(Platform platform) {
            return this == OS ? platform.os() : platform.architecture();
        }
    }

    /**
     * One label is one of some values, or none of them.
     *
     * @param in false for {@code NotIn}
     */
    public record Requirement(Label label, boolean in, List<String> values) {
        public Requirement {
            values = List.copyOf(values);
        }

        private boolean holds(Platform platform) {
            return values.contains(label.of(platform)) == in;
        }

        private boolean allows(String os) {
            return label != Label.OS || values.contains(os) == in;
        }

        private void addTo(Set<String> named, Label wanted) {
            if (label == wanted && in) {
                named.addAll(values);
            }
        }
    }

    /** False only where no node of that operating system can be meant. */
    public boolean allows(String os) {
        return selector.stream().allMatch(requirement -> requirement.allows(os))
                && (terms == null
                        || terms.stream()
                                .anyMatch(term -> term.stream().allMatch(requirement -> requirement.allows(os))));
    }

    /**
     * Of the cluster's platforms those that fit; where none does, those that the pod names or does not exclude, for the
     * cluster may have nodes that nobody listed; and all of the cluster's where the pod contradicts itself. Never empty.
     *
     * @param cluster never empty
     * @param os what the pod itself says it is for; null where it does not
     */
    public List<Platform> fitting(List<Platform> cluster, @Nullable String os) {
        if (os == null && selector.isEmpty() && terms == null) {
            return cluster;
        }
        List<Platform> fitting =
                cluster.stream().filter(platform -> fits(platform, os)).toList();
        if (fitting.isEmpty()) {
            fitting = named(os);
        }
        return fitting.isEmpty() ? cluster : fitting;
    }

    private boolean fits(Platform platform, @Nullable String os) {
        return (os == null || os.equals(platform.os()))
                && hold(selector, platform)
                && (terms == null || terms.stream().anyMatch(term -> hold(term, platform)));
    }

    private static boolean hold(List<Requirement> requirements, Platform platform) {
        return requirements.stream().allMatch(requirement -> requirement.holds(platform));
    }

    private List<Platform> named(@Nullable String os) {
        Set<String> named = named(Label.OS);
        Set<String> systems = os != null ? Set.of(os) : named.isEmpty() ? Set.of("linux") : named;
        Set<String> architectures = named(Label.ARCHITECTURE);
        if (!architectures.isEmpty()) {
            return fitting(systems, architectures, os);
        }
        List<Platform> usual = fitting(systems, USUAL, os);
        return usual.isEmpty() ? fitting(systems, KNOWN, os) : usual;
    }

    private List<Platform> fitting(Set<String> systems, Set<String> architectures, @Nullable String os) {
        return systems.stream()
                .flatMap(system ->
                        architectures.stream().sorted().map(architecture -> new Platform(system, architecture, "")))
                .filter(platform -> platform.isWellFormed() && fits(platform, os))
                .toList();
    }

    private Set<String> named(Label label) {
        Set<String> values = new LinkedHashSet<>();
        selector.forEach(requirement -> requirement.addTo(values, label));
        if (terms != null) {
            terms.forEach(term -> term.forEach(requirement -> requirement.addTo(values, label)));
        }
        return values.stream().limit(MOST_NAMED).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
