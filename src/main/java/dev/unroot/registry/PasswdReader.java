package dev.unroot.registry;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.layer.LayerFindings;
import dev.unroot.registry.layer.PasswdFile;
import dev.unroot.registry.layer.PasswdSearch;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

    CompletionStage<PasswdFile> find(List<Descriptor> layers, List<Digest> diffIds) {
        if (!diffIds.isEmpty() && diffIds.size() != layers.size()) {
            return failed(
                    UnknownCause.MALFORMED,
                    pull.image() + " lists " + layers.size() + " layers in its manifest and " + diffIds.size()
                            + " in its configuration");
        }
        return find(layers, diffIds, layers.size() - 1, new PasswdSearch());
    }

    private CompletionStage<PasswdFile> find(
            List<Descriptor> layers, List<Digest> diffIds, int index, PasswdSearch search) {
        if (index < 0) {
            return CompletableFuture.completedFuture(search.result());
        }
        Descriptor layer = layers.get(index);
        boolean foreign =
                FOREIGN_TYPES.contains(layer.mediaType()) || !layer.urls().isEmpty();
        if (!foreign && !TYPES.contains(layer.mediaType())) {
            return CompletableFuture.completedFuture(new PasswdFile.Unclear(
                    layer.mediaType().endsWith("+encrypted")
                            ? "its layers are encrypted"
                            : "its layers are of a type that Unroot does not know"));
        }
        if (layer.size() > limits.layerBytes()) {
            return failed(
                    UnknownCause.TOO_LARGE,
                    "a layer of " + pull.image() + " holds more than " + limits.layerBytes() + " bytes compressed");
        }
        Digest diffId = diffIds.isEmpty() ? null : diffIds.get(index);
        return source.layer(pull, layer, new LayerReading(pull, layer, diffId, search.unsettled(), limits))
                .thenCompose(findings -> next(findings, layers, diffIds, index, search))
                .exceptionallyCompose(failure -> foreign ? notHere(failure) : CompletableFuture.failedStage(failure));
    }

    private CompletionStage<PasswdFile> next(
            LayerFindings findings, List<Descriptor> layers, List<Digest> diffIds, int index, PasswdSearch search) {
        return search.add(findings)
                ? CompletableFuture.completedFuture(search.result())
                : find(layers, diffIds, index - 1, search);
    }

    private static CompletionStage<PasswdFile> failed(UnknownCause cause, String reason) {
        return CompletableFuture.failedStage(new LookupException(cause, reason));
    }

    /** Foreign layers are often kept where only their licence lets them be fetched from. */
    private static CompletionStage<PasswdFile> notHere(Throwable failure) {
        LookupException lookup = LookupException.in(failure);
        return lookup != null && lookup.why() == UnknownCause.NOT_FOUND
                ? CompletableFuture.completedFuture(
                        new PasswdFile.Unclear("one of its layers is not kept with the image"))
                : CompletableFuture.failedStage(failure);
    }
}
