package dev.unroot.registry.platforms;

import dev.unroot.model.Platform;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.GoCase;
import dev.unroot.registry.documents.ImageDocument;
import dev.unroot.registry.documents.Limits;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The platforms that an image says it is built for, in its own order, at least one; attestations and the like are none. */
public final class OfferedPlatforms {
    /** What an image is taken for that names no platform at all. */
    private static final Platform CUSTOMARY = Platform.parse("linux/amd64");

    private final ImageDocuments documents;
    private final Limits limits;
    /** An index may list another a thousand times, and that one the next. */
    private final Set<Digest> seen = new HashSet<>();

    public OfferedPlatforms(ImageDocuments documents, Limits limits) {
        this.documents = documents;
        this.limits = limits;
    }

    public CompletionStage<List<Platform>> of(ImageDocument top) {
        return collect(top, 1).thenApply(found -> {
            Set<Platform> distinct = new LinkedHashSet<>();
            found.forEach(platform -> distinct.add(asNodesAreNamed(platform)));
            distinct.removeIf(platform ->
                    platform.architecture().isEmpty() || platform.os().equals("unknown"));
            return distinct.isEmpty() ? List.of(CUSTOMARY) : List.copyOf(distinct);
        });
    }

    /** By the names that nodes bear: {@code Linux/x86_64}, which containerd takes on linux/amd64, is offered for that. */
    private static Platform asNodesAreNamed(Platform offered) {
        String os = GoCase.lower(offered.os());
        String variant = GoCase.lower(offered.variant());
        String architecture = Platform.architecture(GoCase.lower(offered.architecture()));
        return new Platform(
                os.isEmpty() ? CUSTOMARY.os() : os,
                architecture,
                architecture.equals("amd64") && variant.equals("v1") ? "" : variant);
    }

    private CompletionStage<List<Platform>> collect(ImageDocument document, int depth) {
        if (document instanceof ImageDocument.Manifest manifest) {
            return documents.config(manifest).thenApply(config -> List.of(config.platform()));
        }
        if (depth > limits.indexDepth()) {
            throw new LookupException(
                    UnknownCause.TOO_LARGE,
                    documents.image() + " nests indexes more than " + limits.indexDepth() + " deep");
        }
        return InTurn.each(((ImageDocument.Index) document).entries(), entry -> {
            Platform declared = entry.platform();
            if (declared != null) {
                return CompletableFuture.completedFuture(List.of(declared));
            }
            return !seen.add(entry.digest())
                    ? CompletableFuture.completedFuture(List.of())
                    : documents.document(entry.digest()).thenCompose(nested -> collect(nested, depth + 1));
        });
    }
}
