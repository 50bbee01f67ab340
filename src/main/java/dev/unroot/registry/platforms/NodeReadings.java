package dev.unroot.registry.platforms;

import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All the ways in which an index may be read on a node of some platform: by each runtime, and for each variant of the
 * processor that a runtime may find there. A node's labels name no variant.
 */
final class NodeReadings {
    private static final List<String> ARM = List.of("v7", "v6", "v8", "v5", "");
    private static final List<String> ARM64 = List.of("v8", "");
    /** Neither containerd nor containers/image looks at what an amd64 processor can do. */
    private static final List<String> OTHERS = List.of("");

    private NodeReadings() {}

    /**
     * One way.
     *
     * @param choice what its runtime takes
     */
    record Reading(ContainerRuntime runtime, IndexChoice choice) {}

    /** @param platform of Linux */
    static List<Reading> of(Platform platform) {
        List<Reading> readings = new ArrayList<>();
        for (Platform node : nodes(platform)) {
            for (ContainerRuntime runtime : ContainerRuntime.values()) {
                if (runtime != ContainerRuntime.CRI_O) {
                    readings.add(new Reading(runtime, new ContainerdChoice(runtime, node)));
                    continue;
                }
                for (ContainersImageChoice.As as : ContainersImageChoice.As.values()) {
                    readings.add(new Reading(runtime, new ContainersImageChoice(as, node)));
                }
            }
        }
        return readings;
    }

    private static Set<Platform> nodes(Platform platform) {
        List<String> found =
                switch (platform.architecture()) {
                    case "arm" -> platform.variant().isEmpty() ? ARM : List.of();
                    case "arm64" -> ARM64;
                    default -> OTHERS;
                };
        Set<Platform> nodes = new LinkedHashSet<>();
        if (!platform.variant().isEmpty()) {
            nodes.add(platform);
        }
        found.forEach(variant -> nodes.add(new Platform(platform.os(), platform.architecture(), variant)));
        return nodes;
    }
}
