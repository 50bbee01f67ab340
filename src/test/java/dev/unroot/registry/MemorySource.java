package dev.unroot.registry;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Serves {@link TestImages} from memory on the calling thread, and remembers what it was asked for. */
public final class MemorySource implements ImageSource {
    private final TestImages images;
    private final List<String> requests = new ArrayList<>();

    public MemorySource(TestImages images) {
        this.images = images;
    }

    /** {@code manifest}, {@code blob} or {@code layer}, in order. */
    public List<String> requests() {
        return requests;
    }

    @Override
    public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
        requests.add("manifest");
        if (Digest.isDigest(tagOrDigest)) {
            return CompletableFuture.completedFuture(new Document(images.blob(tagOrDigest), tagOrDigest, null));
        }
        TestImages.Named named = images.named(pull.image().toString());
        return CompletableFuture.completedFuture(
                new Document(images.blob(named.digest()), named.digest(), named.mediaType()));
    }

    @Override
    public CompletionStage<byte[]> blob(Pull pull, Descriptor descriptor) {
        requests.add("blob");
        return CompletableFuture.completedFuture(images.blob(descriptor.digest().toString()));
    }

    @Override
    public <R> CompletionStage<R> layer(Pull pull, Descriptor descriptor, LayerReader<R> reader) {
        requests.add("layer");
        byte[] content = images.blobs().get(descriptor.digest().toString());
        return content == null
                ? CompletableFuture.failedFuture(new LookupException(UnknownCause.NOT_FOUND, "not here"))
                : Workers.read(Runnable::run, pull, () -> new ByteArrayInputStream(content), reader);
    }
}
