package dev.unroot.registry;

import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;

/**
 * Where the bytes of images come from: a registry, or files. Says nothing about what the bytes mean.
 *
 * <p>Every stage completes by the pull's deadline, and fails with a {@link LookupException} and nothing else. No stage
 * asks for more bytes than {@link Limits} allows.
 */
public interface ImageSource {
    /**
     * The manifest or index under a tag or digest of the pull's repository. Where a digest is asked for, the bytes have
     * that digest.
     */
    CompletionStage<Document> manifest(Pull pull, String tagOrDigest);

    /** A small blob, an image's configuration; the bytes have the descriptor's digest and size. */
    CompletionStage<byte[]> blob(Pull pull, Descriptor descriptor);

    /**
     * Streams a large blob, a layer, through a reader. The reader blocks and computes, so it runs on a worker thread,
     * never on an event loop.
     *
     * <p>The stream is raw: the reader bounds it, reads it to its end and checks its digest. A transport failure within
     * {@code read} is thrown as {@link LookupException}; the end of the stream is the end of the blob. An
     * {@link IOException} that the reader lets out is a fault of the content and becomes
     * {@link dev.unroot.model.UnknownCause#MALFORMED}.
     */
    <R> CompletionStage<R> layer(Pull pull, Descriptor descriptor, LayerReader<R> reader);

    /** Makes something of a layer's bytes; is begun anew where they turn out to be had from another place. */
    @FunctionalInterface
    interface LayerReader<R> {
        R read(InputStream compressed) throws IOException;
    }
}
