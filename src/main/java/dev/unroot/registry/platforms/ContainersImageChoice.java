package dev.unroot.registry.platforms;

import dev.unroot.model.Platform;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.ImageConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How containers/image chooses, for CRI-O and podman: operating system, architecture and variant are compared letter by
 * letter; of entries that are as good the first one that says it is compressed with zstd; and where none matches the first
 * that names no platform, whatever its configuration says.
 *
 * <p>Source: {@code internal/pkg/platform/platform_matcher.go} ({@code WantedPlatforms}) and {@code internal/manifest}
 * ({@code oci_index.go}, {@code docker_schema2_list.go}) of go.podman.io/image 5.42.
 */
final class ContainersImageChoice implements IndexChoice {
    private static final String ZSTD = "io.github.containers.compression.zstd";

    /** Variants, the most capable first. */
    private static final Map<String, List<String>> COMPATIBLE =
            Map.of("arm", List.of("v8", "v7", "v6", "v5"), "arm64", List.of("v8"));

    /** As what the index is read. The registry says that in a header, which no digest covers. */
    enum As {
        OCI,
        /** By older releases, which know nothing of the annotation. */
        OLD_OCI,
        /** Docker's list, where an entry without a platform is for no node. */
        DOCKER
    }

    private final As as;
    private final List<Platform> wanted = new ArrayList<>();

    ContainersImageChoice(As as, Platform node) {
        this.as = as;
        for (String variant : variants(node)) {
            wanted.add(new Platform(node.os(), node.architecture(), variant));
        }
    }

    private static List<String> variants(Platform node) {
        List<String> known = COMPATIBLE.getOrDefault(node.architecture(), List.of());
        List<String> variants = new ArrayList<>();
        if (node.variant().isEmpty()) {
            variants.add("");
            variants.addAll(known);
            return variants;
        }
        int position = known.indexOf(node.variant());
        variants.addAll(position < 0 ? List.of(node.variant()) : known.subList(position, known.size()));
        variants.add("");
        return variants;
    }

    @Override
    public @Nullable Descriptor from(List<Descriptor> entries) {
        Descriptor best = null;
        int bestRank = Integer.MAX_VALUE;
        for (Descriptor entry : entries) {
            int rank = rank(entry);
            if (rank < bestRank) {
                best = entry;
                bestRank = rank;
            }
        }
        return best;
    }

    @Override
    public boolean takesUndeclared(ImageConfig config) {
        return true;
    }

    /** Twice the platform's position, one less where zstd is preferred. */
    private int rank(Descriptor entry) {
        Platform offered = entry.platform();
        int position = offered == null ? -1 : wanted.indexOf(offered);
        if (offered == null && as != As.DOCKER) {
            position = wanted.size();
        }
        if (position < 0) {
            return Integer.MAX_VALUE;
        }
        boolean zstd = as == As.OCI && "true".equals(entry.annotations().get(ZSTD));
        return 2 * position + (zstd ? 0 : 1);
    }
}
