package dev.unroot.registry;

import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageReading.Image;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the image that a node takes out of an index.
 *
 * <p>Source: containerd {@code images/image.go} ({@code Manifest}): of the entries that match, the first of the best ones;
 * entries that name no platform come last, and then the configuration decides; what an entry declares is not checked
 * against it. A Windows node compares build numbers, which nobody here knows: there, every entry that matches is taken.
 */
final class PlatformChoice {
    private static final int MOST_WINDOWS_BUILDS = 16;

    private final ImageReading reading;
    private final Limits limits;

    PlatformChoice(ImageReading reading, Limits limits) {
        this.reading = reading;
        this.limits = limits;
    }

    /** None where the index offers none; more than one only for Windows. */
    CompletionStage<List<Image>> of(ImageDocument.Index index, Platform platform) {
        return of(index, platform, 1);
    }

    private CompletionStage<List<Image>> of(ImageDocument.Index index, Platform platform, int depth) {
        if (depth > limits.indexDepth()) {
            throw new LookupException(
                    UnknownCause.TOO_LARGE,
                    reading.image() + " nests indexes more than " + limits.indexDepth() + " deep");
        }
        return ImageReading.each(
                candidates(index, platform),
                entry -> reading.document(entry.digest()).thenCompose(document -> {
                    if (document instanceof ImageDocument.Index nested) {
                        return of(nested, platform, depth + 1);
                    }
                    return manifest((ImageDocument.Manifest) document, entry, platform);
                }));
    }

    private static List<Descriptor> candidates(ImageDocument.Index index, Platform platform) {
        PlatformMatch match = new PlatformMatch(platform);
        List<Descriptor> declared = new ArrayList<>();
        List<Descriptor> undeclared = new ArrayList<>();
        for (Descriptor entry : index.entries()) {
            Platform offered = entry.platform();
            if (offered == null) {
                undeclared.add(entry);
            } else if (match.matches(offered)) {
                declared.add(entry);
            }
        }
        declared.sort(Comparator.comparingInt(entry -> rank(match, entry)));
        List<Descriptor> best = declared.isEmpty() ? undeclared : declared;
        int most = platform.isWindows() ? MOST_WINDOWS_BUILDS : 1;
        return best.subList(0, Math.min(most, best.size()));
    }

    private static int rank(PlatformMatch match, Descriptor entry) {
        Platform offered = entry.platform();
        return offered == null ? Integer.MAX_VALUE : match.rank(offered);
    }

    private CompletionStage<List<Image>> manifest(
            ImageDocument.Manifest manifest, Descriptor entry, Platform platform) {
        return reading.config(manifest).thenCompose(config -> {
            boolean taken = entry.platform() != null || new PlatformMatch(platform).matches(config.platform());
            return CompletableFuture.completedFuture(
                    taken ? List.of(new Image(platform, manifest, config)) : List.<Image>of());
        });
    }
}
