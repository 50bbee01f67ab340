package dev.unroot.registry.layout;

import dev.unroot.common.Text;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.Workers;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.documents.TooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Images from an OCI image layout, from a tar of one, or from a {@code docker save} tar. Safe for concurrent use. */
public final class OciLayout implements ImageSource {
    private static final int MOST_NAMES_IN_A_MESSAGE = 10;

    private final Path path;
    private final LayoutFiles files;
    private final LayoutIndex catalogue;
    private final Limits limits;

    private OciLayout(Path path, LayoutFiles files, LayoutIndex catalogue, Limits limits) {
        this.path = path;
        this.files = files;
        this.catalogue = catalogue;
        this.limits = limits;
    }

    /**
     * Opens a directory or tar; what is added to it later is not seen. All of it is read on the calling thread.
     *
     * @throws IOException naming the path, where it holds no images or cannot be read
     */
    public static OciLayout open(Path path, Limits limits) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path + " does not exist");
        }
        try {
            LayoutFiles files = Files.isDirectory(path) ? new DirectoryFiles(path) : tar(path);
            return new OciLayout(path, files, catalogue(files, path, limits), limits);
        } catch (NoSuchFileException missing) {
            throw new IOException(path + ": it lacks " + missing.getFile(), missing);
        } catch (IOException unreadable) {
            throw new IOException(path + ": " + Text.why(unreadable), unreadable);
        }
    }

    private static LayoutFiles tar(Path path) throws IOException {
        try {
            return new TarFiles(path);
        } catch (IOException notATar) {
            String compressed = UnsupportedForm.ofFile(path);
            if (compressed != null) {
                throw new IOException(compressed, notATar);
            }
            throw new IOException(
                    "it is neither a directory nor a plain tar archive (" + Text.why(notATar) + ")", notATar);
        }
    }

    private static LayoutIndex catalogue(LayoutFiles files, Path path, Limits limits) throws IOException {
        if (files.has(OciLayoutIndex.MARKER)) {
            return new OciLayoutIndex(files, limits);
        }
        String other = UnsupportedForm.of(files, path);
        if (other != null) {
            throw new IOException(other);
        }
        if (files.has(DockerSaveIndex.MANIFEST)) {
            return new DockerSaveIndex(files, limits);
        }
        throw new IOException("it is no OCI image layout (no oci-layout) and not from docker save (no manifest.json)");
    }

    /** What each image in it can be asked for by: its names, normalised and sorted, then {@code @digest} of those without. */
    public List<String> addresses() {
        return catalogue.names.addresses();
    }

    @Override
    public CompletionStage<Document> manifest(Pull pull, String tagOrDigest) {
        return attempt(pull, () -> {
            Digest digest = Digest.isDigest(tagOrDigest)
                    ? Digest.parse(tagOrDigest)
                    : catalogue.names.digest(pull.image().name() + ":" + tagOrDigest);
            Document document = digest == null ? null : catalogue.document(digest);
            if (document == null) {
                throw new LookupException(UnknownCause.NOT_FOUND, missing(pull));
            }
            return document;
        });
    }

    private String missing(Pull pull) {
        List<String> names = addresses();
        String there = names.isEmpty()
                ? "no image"
                : names.stream().limit(MOST_NAMES_IN_A_MESSAGE).collect(Collectors.joining(", "));
        int more = names.size() - MOST_NAMES_IN_A_MESSAGE;
        return path + " does not hold " + pull.image() + "; it has " + there
                + (more > 0 ? " and " + more + " more" : "");
    }

    @Override
    public CompletionStage<byte[]> blob(Pull pull, Descriptor descriptor) {
        return attempt(pull, () -> {
            byte[] content = files.read(catalogue.file(descriptor.digest()), limits.configBytes());
            if (!descriptor.digest().matches(content)
                    || (descriptor.size() > 0 && descriptor.size() != content.length)) {
                throw new LookupException(
                        UnknownCause.MALFORMED, path + " holds another blob for " + pull.image() + " than it names");
            }
            return content;
        });
    }

    @Override
    public <R> CompletionStage<R> layer(Pull pull, Descriptor descriptor, LayerReader<R> reader) {
        return Workers.read(Runnable::run, pull, () -> open(pull, descriptor), reader);
    }

    private InputStream open(Pull pull, Descriptor descriptor) {
        try {
            return files.open(catalogue.file(descriptor.digest()));
        } catch (IOException failure) {
            throw lookup(pull, failure);
        }
    }

    private <R> CompletionStage<R> attempt(Pull pull, Reading<R> reading) {
        try {
            return CompletableFuture.completedFuture(reading.read());
        } catch (LookupException failure) {
            return CompletableFuture.failedFuture(failure);
        } catch (IOException failure) {
            return CompletableFuture.failedFuture(lookup(pull, failure));
        }
    }

    private LookupException lookup(Pull pull, IOException failure) {
        return failure instanceof NoSuchFileException missing
                ? new LookupException(
                        UnknownCause.NOT_FOUND, path + " lacks " + missing.getFile() + " of " + pull.image())
                : new LookupException(
                        failure instanceof TooLargeException ? UnknownCause.TOO_LARGE : UnknownCause.MALFORMED,
                        path + " does not give " + pull.image() + ": " + Text.why(failure));
    }

    @FunctionalInterface
    private interface Reading<R> {
        R read() throws IOException;
    }
}
