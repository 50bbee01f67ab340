package dev.unroot.registry;

import dev.unroot.model.ContainerRuntime;
import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageReading.Image;
import dev.unroot.registry.NodeReadings.Reading;
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
final class PlatformChoice {
    /** Of an image for one Windows platform; honest ones have about five. */
    private static final int MOST_WINDOWS_BUILDS = 32;
    /** What attestations are entered as. */
    private static final String UNKNOWN = "unknown";

    private final ImageReading reading;
    private final Limits limits;

    PlatformChoice(ImageReading reading, Limits limits) {
        this.reading = reading;
        this.limits = limits;
    }

    /** None where the index offers none; else each with those who take it. */
    CompletionStage<List<Image>> of(ImageDocument.Index index, Platform platform) {
        if (platform.os().equals(UNKNOWN)) {
            return CompletableFuture.completedFuture(List.of());
        }
        return platform.isWindows()
                ? new WindowsChoice(platform).of(index, 1)
                : of(index, platform, NodeReadings.of(platform));
    }

    /** The same for some ways of reading it only, not for Windows. */
    CompletionStage<List<Image>> of(ImageDocument.Index index, Platform platform, List<Reading> readings) {
        return of(index, platform, readings, 1);
    }

    private CompletionStage<List<Image>> of(
            ImageDocument.Index index, Platform platform, List<Reading> readings, int depth) {
        bound(depth);
        Map<Descriptor, List<Reading>> takers = new LinkedHashMap<>();
        for (Reading way : readings) {
            Descriptor entry = way.choice().from(index.entries());
            if (entry != null) {
                takers.computeIfAbsent(entry, taken -> new ArrayList<>()).add(way);
            }
        }
        return ImageReading.each(List.copyOf(takers.entrySet()), taken -> {
            Descriptor entry = taken.getKey();
            return reading.document(entry.digest()).thenCompose(document -> {
                if (document instanceof ImageDocument.Index nested) {
                    return of(nested, platform, taken.getValue(), depth + 1);
                }
                return manifest((ImageDocument.Manifest) document, entry, platform, taken.getValue());
            });
        });
    }

    private CompletionStage<List<Image>> manifest(
            ImageDocument.Manifest manifest, Descriptor entry, Platform platform, List<Reading> readings) {
        return reading.config(manifest).thenApply(config -> {
            List<ContainerRuntime> runtimes = readings.stream()
                    .filter(way -> entry.platform() != null || way.choice().takesUndeclared(config))
                    .map(Reading::runtime)
                    .distinct()
                    .toList();
            return runtimes.isEmpty() ? List.of() : List.of(new Image(platform, manifest, config, runtimes));
        });
    }

    private void bound(int depth) {
        if (depth > limits.indexDepth()) {
            throw new LookupException(
                    UnknownCause.TOO_LARGE,
                    reading.image() + " nests indexes more than " + limits.indexDepth() + " deep");
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

        CompletionStage<List<Image>> of(ImageDocument.Index index, int depth) {
            bound(depth);
            List<Descriptor> candidates = index.entries().stream()
                    .filter(entry -> entry.platform() == null || takes(entry.platform()))
                    .toList();
            builds += candidates.size();
            if (builds > MOST_WINDOWS_BUILDS) {
                throw new LookupException(
                        UnknownCause.TOO_LARGE,
                        reading.image() + " offers more than " + MOST_WINDOWS_BUILDS + " images for " + platform);
            }
            return ImageReading.each(
                    candidates,
                    entry -> reading.document(entry.digest()).thenCompose(document -> {
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

        private CompletionStage<List<Image>> manifest(ImageDocument.Manifest manifest, Descriptor entry) {
            return reading.config(manifest)
                    .thenApply(config -> entry.platform() != null
                                    || takes(config.platform())
                                    || takes(new Platform(
                                            config.platform().os(),
                                            config.platform().architecture(),
                                            ""))
                            ? List.of(new Image(platform, manifest, config, List.of()))
                            : List.of());
        }
    }
}
