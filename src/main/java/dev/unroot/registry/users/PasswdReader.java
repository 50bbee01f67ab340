package dev.unroot.registry.users;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.LookupMemory;
import dev.unroot.registry.Pull;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.layer.LayerFindings;
import dev.unroot.registry.layer.PasswdFile;
import dev.unroot.registry.layer.PasswdSearch;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds an image's passwd: its layers from the top one down, no more of them than it takes. */
final class PasswdReader {
    private static final String OCI = "application/vnd.oci.image.layer.";
    private static final String DOCKER = "application/vnd.docker.image.rootfs.";

    /** What can be read; the compression is seen from the bytes. */
    private static final Set<String> TYPES = Set.of(
            "",
            OCI + "v1.tar",
            OCI + "v1.tar+gzip",
            OCI + "v1.tar+zstd",
            DOCKER + "diff.tar",
            DOCKER + "diff.tar.gzip",
            DOCKER + "diff.tar.zstd");

    /** The same, where a registry need not hold them. */
    private static final Set<String> FOREIGN_TYPES = Set.of(
            OCI + "nondistributable.v1.tar",
            OCI + "nondistributable.v1.tar+gzip",
            OCI + "nondistributable.v1.tar+zstd",
            DOCKER + "foreign.diff.tar",
            DOCKER + "foreign.diff.tar.gzip");

    private final ImageSource source;
    private final Limits limits;
    private final Pull pull;

    PasswdReader(ImageSource source, Limits limits, Pull pull) {
        this.source = source;
        this.limits = limits;
        this.pull = pull;
    }

    /** @param use makes of the passwd what is to be kept, and does not keep the passwd itself */
    <R> CompletionStage<R> find(List<Descriptor> layers, List<Digest> diffIds, Function<PasswdFile, R> use) {
        LookupMemory.Room large = room();
        return find(layers, diffIds, large).thenApply(use).whenComplete((used, failure) -> large.close());
    }

    private CompletionStage<PasswdFile> find(List<Descriptor> layers, List<Digest> diffIds, LookupMemory.Room large) {
        if (!diffIds.isEmpty() && diffIds.size() != layers.size()) {
            return failed(
                    UnknownCause.MALFORMED,
                    pull.image() + " lists " + layers.size() + " layers in its manifest and " + diffIds.size()
                            + " in its configuration");
        }
        return find(layers, diffIds, layers.size() - 1, new PasswdSearch(), large);
    }

    /** Layers that are there at once are gone through without a call within a call: there can be thousands. */
    private CompletionStage<PasswdFile> find(
            List<Descriptor> layers, List<Digest> diffIds, int top, PasswdSearch search, LookupMemory.Room large) {
        for (int index = top; index >= 0; index--) {
            CompletableFuture<LayerFindings> reading = findings(
                            layers.get(index), diffId(diffIds, index), search, large)
                    .toCompletableFuture();
            if (!reading.isDone() || reading.isCompletedExceptionally()) {
                int below = index - 1;
                return reading.thenCompose(found -> search.add(found)
                        ? CompletableFuture.completedFuture(search.result())
                        : find(layers, diffIds, below, search, large));
            }
            if (search.add(reading.join())) {
                break;
            }
        }
        return CompletableFuture.completedFuture(search.result());
    }

    private static @Nullable Digest diffId(List<Digest> diffIds, int index) {
        return diffIds.isEmpty() ? null : diffIds.get(index);
    }

    private CompletionStage<LayerFindings> findings(
            Descriptor layer, @Nullable Digest diffId, PasswdSearch search, LookupMemory.Room large) {
        boolean foreign =
                FOREIGN_TYPES.contains(layer.mediaType()) || !layer.urls().isEmpty();
        if (!foreign && !TYPES.contains(layer.mediaType())) {
            return CompletableFuture.completedFuture(LayerFindings.unreadable(
                    layer.mediaType().endsWith("+encrypted")
                            ? "its layers are encrypted"
                            : "its layers are of a type that Unroot does not know"));
        }
        if (layer.size() > limits.layerBytes()) {
            return failed(
                    UnknownCause.TOO_LARGE,
                    "a layer of " + pull.image() + " holds more than " + limits.layerBytes() + " bytes compressed");
        }
        return source.layer(
                        pull, layer, new LayerReading(pull, layer, diffId, search.unsettled(), limits, large, room()))
                .exceptionallyCompose(failure -> foreign ? notHere(failure) : CompletableFuture.failedStage(failure));
    }

    private LookupMemory.Room room() {
        return LookupMemory.shared().room(pull.image().registry(), this, step -> LayerReading.waitFor(pull, step));
    }

    private static <R> CompletionStage<R> failed(UnknownCause cause, String reason) {
        return CompletableFuture.failedStage(new LookupException(cause, reason));
    }

    /** Foreign layers are often kept where only their licence lets them be fetched from. */
    private static CompletionStage<LayerFindings> notHere(Throwable failure) {
        LookupException lookup = LookupException.in(failure);
        return lookup != null && lookup.why() == UnknownCause.NOT_FOUND
                ? CompletableFuture.completedFuture(
                        LayerFindings.unreadable("one of its layers is not kept with the image"))
                : CompletableFuture.failedStage(failure);
    }
}
