package dev.unroot.registry.platforms;

import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.ImageDocument;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.platforms.NodeReadings.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the images that nodes take out of an index: one for each way of reading it. A Windows node compares build numbers,
 * which nobody here knows: there, every entry that matches is taken.
 */
public final class PlatformChoice {
    /** Of an image for one Windows platform; honest ones have about five. */
    private static final int MOST_WINDOWS_BUILDS = 32;
    /** What attestations are entered as. */
    private static final String UNKNOWN = "unknown";

    private final ImageDocuments documents;
    private final Limits limits;

    public PlatformChoice(ImageDocuments documents, Limits limits) {
        this.documents = documents;
        this.limits = limits;
    }

    /** None where the index offers none; else each with those who take it. */
    public CompletionStage<List<PlatformImage>> of(ImageDocument.Index index, Platform platform) {
        if (platform.os().equals(UNKNOWN)) {
            return CompletableFuture.completedFuture(List.of());
        }
        return platform.isWindows()
                ? new WindowsChoice(platform).of(index, 1)
                : of(index, platform, NodeReadings.of(platform));
    }

    /** The same for some ways of reading it only, not for Windows. */
    public CompletionStage<List<PlatformImage>> of(
            ImageDocument.Index index, Platform platform, List<Reading> readings) {
        return of(index, platform, readings, 1);
    }

    private CompletionStage<List<PlatformImage>> of(
            ImageDocument.Index index, Platform platform, List<Reading> readings, int depth) {
        bound(depth);
        Map<Descriptor, List<Reading>> takers = new LinkedHashMap<>();
        for (Reading way : readings) {
            Descriptor entry = way.choice().from(index.entries());
            if (entry != null) {
                takers.computeIfAbsent(entry, taken -> new ArrayList<>()).add(way);
            }
        }
        return InTurn.each(List.copyOf(takers.entrySet()), taken -> {
            Descriptor entry = taken.getKey();
            return documents.document(entry.digest()).thenCompose(document -> {
                if (document instanceof ImageDocument.Index nested) {
                    return of(nested, platform, taken.getValue(), depth + 1);
                }
                return manifest((ImageDocument.Manifest) document, entry, platform, taken.getValue());
            });
        });
    }

    private CompletionStage<List<PlatformImage>> manifest(
            ImageDocument.Manifest manifest, Descriptor entry, Platform platform, List<Reading> readings) {
        return documents.config(manifest).thenApply(config -> {
            List<ContainerRuntime> runtimes = readings.stream()
                    .filter(way -> entry.platform() != null || way.choice().takesUndeclared(config))
                    .map(Reading::runtime)
                    .distinct()
                    .toList();
            return runtimes.isEmpty() ? List.of() : List.of(new PlatformImage(platform, manifest, config, runtimes));
        });
    }

    private void bound(int depth) {
        if (depth > limits.indexDepth()) {
            throw new LookupException(
                    UnknownCause.TOO_LARGE,
                    documents.image() + " nests indexes more than " + limits.indexDepth() + " deep");
        }
    }

    /** Only containerd runs on Windows. */
    private final class WindowsChoice {
        private final Platform platform;
        private final List<ContainerdChoice> releases = new ArrayList<>();
        private int builds;

        WindowsChoice(Platform platform) {
            this.platform = platform;
            for (ContainerRuntime runtime : ContainerRuntime.values()) {
                if (runtime != ContainerRuntime.CRI_O) {
                    releases.add(new ContainerdChoice(runtime, platform));
                }
            }
        }

        public CompletionStage<List<PlatformImage>> of(ImageDocument.Index index, int depth) {
            bound(depth);
            List<Descriptor> candidates = index.entries().stream()
                    .filter(entry -> entry.platform() == null || takes(entry.platform()))
                    .toList();
            builds += candidates.size();
            if (builds > MOST_WINDOWS_BUILDS) {
                throw new LookupException(
                        UnknownCause.TOO_LARGE,
                        documents.image() + " offers more than " + MOST_WINDOWS_BUILDS + " images for " + platform);
            }
            return InTurn.each(
                    candidates,
                    entry -> documents.document(entry.digest()).thenCompose(document -> {
                        if (document instanceof ImageDocument.Index nested) {
                            return of(nested, depth + 1);
                        }
                        return manifest((ImageDocument.Manifest) document, entry);
                    }));
        }

        /** Features of the operating system are not looked at: which a node has is not known. */
        private boolean takes(Platform offered) {
            return releases.stream().anyMatch(release -> release.takes(offered, List.of()));
        }

        private CompletionStage<List<PlatformImage>> manifest(ImageDocument.Manifest manifest, Descriptor entry) {
            return documents
                    .config(manifest)
                    .thenApply(config -> entry.platform() != null
                                    || takes(config.platform())
                                    || takes(new Platform(
                                            config.platform().os(),
                                            config.platform().architecture(),
                                            ""))
                            ? List.of(new PlatformImage(platform, manifest, config, List.of()))
                            : List.of());
        }
    }
}
