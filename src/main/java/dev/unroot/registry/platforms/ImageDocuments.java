package dev.unroot.registry.platforms;

import dev.unroot.model.ImageReference;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.ImageSource;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Pull;
import dev.unroot.registry.Remedies;
import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.GoJson;
import dev.unroot.registry.documents.ImageConfig;
import dev.unroot.registry.documents.ImageDocument;
import dev.unroot.registry.documents.ImageDocumentParser;
import dev.unroot.registry.documents.Limits;
import dev.unroot.registry.documents.OutdatedManifestException;
import dev.unroot.registry.documents.TooLargeException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The manifests, indexes and configurations of one image, within one pull: none is asked for twice. Each stage fails with a
 * {@link LookupException}, as those of its source do; not for several threads at once.
 */
public final class ImageDocuments {
    private final ImageSource source;
    private final Limits limits;
    private final Pull pull;
    private final Map<Digest, CompletionStage<ImageDocument>> documents = new HashMap<>();
    private final Map<Digest, CompletionStage<ImageConfig>> configs = new HashMap<>();

    public ImageDocuments(ImageSource source, Limits limits, Pull pull) {
        this.source = source;
        this.limits = limits;
        this.pull = pull;
    }

    /** What is under a tag or digest of the image's repository, as served. */
    public CompletionStage<Document> fetch(String tagOrDigest) {
        return source.manifest(pull, tagOrDigest);
    }

    public CompletionStage<ImageDocument> document(Digest digest) {
        return documents.computeIfAbsent(
                digest, wanted -> fetch(wanted.toString()).thenApply(this::parse));
    }

    public ImageReference image() {
        return pull.image();
    }

    public CompletionStage<ImageConfig> config(ImageDocument.Manifest manifest) {
        return configs.computeIfAbsent(manifest.config().digest(), digest -> {
            Descriptor config = manifest.config();
            if (config.size() > limits.configBytes()) {
                throw new LookupException(
                        UnknownCause.TOO_LARGE,
                        "the configuration of " + pull.image() + " is larger than " + limits.configBytes() + " bytes");
            }
            return source.blob(pull, config).thenApply(this::parseConfig);
        });
    }

    public ImageDocument parse(Document document) {
        try {
            return ImageDocumentParser.parse(document.bytes(), document.mediaType(), limits);
        } catch (TooLargeException tooLarge) {
            throw new LookupException(UnknownCause.TOO_LARGE, pull.image() + " " + tooLarge.getMessage());
        } catch (OutdatedManifestException outdated) {
            throw malformed("the manifest of ", outdated).advising(Remedies.SCHEMA_1);
        } catch (IOException malformed) {
            throw malformed("the manifest of ", malformed);
        }
    }

    private ImageConfig parseConfig(byte[] json) {
        try {
            return ImageConfig.parse(json);
        } catch (IOException malformed) {
            throw malformed("the configuration of ", malformed);
        }
    }

    private LookupException malformed(String what, IOException why) {
        return new LookupException(
                UnknownCause.MALFORMED, what + pull.image() + " cannot be read: " + GoJson.describe(why));
    }
}
