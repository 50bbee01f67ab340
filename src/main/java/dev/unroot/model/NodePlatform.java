package dev.unroot.model;

import dev.unroot.common.Spelling;
import dev.unroot.common.Text;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The platforms that a Kubernetes node can have. Linux: Go's architectures for it ({@code go tool dist list}), since others than
 * Kubernetes' makers build for more than those do. Windows: Kubernetes' own ({@code hack/lib/golang.sh},
 * KUBE_SUPPORTED_NODE_PLATFORMS).
 */
public final class NodePlatform {
    /** Those that are meant most often first: of two that are as near, the first is proposed. */
    private static final List<String> KNOWN = List.of(
            "linux/amd64",
            "linux/arm",
            "linux/arm64",
            "linux/386",
            "linux/ppc64le",
            "linux/riscv64",
            "linux/s390x",
            "linux/loong64",
            "linux/mips",
            "linux/mips64",
            "linux/mips64le",
            "linux/mipsle",
            "linux/ppc64",
            "windows/amd64");

    private NodePlatform() {}

    /** All of them, {@code os/architecture}. */
    public static List<String> names() {
        return KNOWN;
    }

    /**
     * Reads what {@link Platform#parse} reads, and refuses what no node is.
     *
     * @throws IllegalArgumentException with a sentence that proposes the platform that was meant, where there is one
     */
    public static Platform parse(String text) {
        Platform platform = Platform.parse(text);
        if (KNOWN.contains(platform.os() + "/" + platform.architecture())) {
            return platform;
        }
        throw new IllegalArgumentException(Text.quote(text) + " is no platform of a Kubernetes node: "
                + meant(platform)
                        .map(near -> "did you mean " + near + "?")
                        .orElse("write linux/amd64, linux/arm64 or whatever the nodes are"));
    }

    /** Else one of the same architecture, Linux's first, which it mostly runs; else one of the same operating system. */
    private static Optional<String> meant(Platform platform) {
        return Spelling.nearest(platform.os() + "/" + platform.architecture(), KNOWN)
                .or(() -> first(name -> name.endsWith("/" + platform.architecture())))
                .or(() -> first(name -> name.startsWith(platform.os() + "/")));
    }

    private static Optional<String> first(Predicate<String> known) {
        return KNOWN.stream().filter(known).findFirst();
    }
}
