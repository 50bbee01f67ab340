package dev.unroot.registry.documents;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.unroot.common.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells manifests from indexes by their shape, whatever their media type, which many registries get wrong. What has both
 * shapes, or another than it claims, is refused: two readers could see two images in it (CVE-2021-41190).
 */
public final class ImageDocumentParser {
    private static final Set<String> MANIFESTS = Set.of(
            "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json");
    private static final Set<String> INDEXES = Set.of(
            "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json");
    private static final String SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+";

    /** Docker once pushed configurations as plain bytes. */
    private static final Set<String> CONFIGS = Set.of(
            "",
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.docker.container.image.v1+json",
            "application/octet-stream");

    private final Limits limits;
    private final List<Descriptor> layers = new ArrayList<>();
    private final List<Descriptor> entries = new ArrayList<>();
    private @Nullable Descriptor config;
    private boolean hasLayers;
    private boolean hasEntries;
    private boolean isSchema1;
    private String mediaType = "";

    private ImageDocumentParser(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param claimed the media type it was served as; null where none was named
     * @throws IOException a clause that says what is wrong with it
     * @throws TooLargeException where there are too many layers or entries
     */
    public static ImageDocument parse(byte[] json, @Nullable String claimed, Limits limits) throws IOException {
        ImageDocumentParser parser = new ImageDocumentParser(limits);
        GoJson.strictDocument(json, parser::field);
        return parser.document(claimed);
    }

    private void field(String name, JsonParser value) throws IOException {
        boolean isNull = value.currentToken() == JsonToken.VALUE_NULL;
        switch (name) {
            case "schemaversion" -> isSchema1 |= GoJson.integer(value, 2) == 1;
            case "fslayers" -> isSchema1 = true;
            case "mediatype" -> mediaType = GoJson.string(value, mediaType);
            case "config" ->
                config = isNull ? null : DescriptorFields.read(value).descriptor();
            case "layers" -> {
                hasLayers = !isNull;
                collect(value, layers, limits.layers(), "layers");
            }
            case "manifests" -> {
                hasEntries = !isNull;
                collect(value, entries, limits.indexEntries(), "entries in its index");
            }
            default -> {}
        }
    }

    private static void collect(JsonParser list, List<Descriptor> target, int most, String what) throws IOException {
        GoJson.array(list, element -> {
            if (target.size() == most) {
                throw new TooLargeException("holds more than " + most + " " + what);
            }
            target.add(DescriptorFields.read(element).descriptor());
        });
    }

    private ImageDocument document(@Nullable String claimed) throws IOException {
        if (isSchema1 || mediaType.startsWith(SCHEMA_1) || (claimed != null && claimed.startsWith(SCHEMA_1))) {
            throw new OutdatedManifestException();
        }
        if (hasEntries && (config != null || hasLayers)) {
            throw new IOException("it is an image and an index at once");
        }
        if (!hasEntries && config == null) {
            throw new IOException("it is neither an image manifest nor an index");
        }
        Set<String> others = hasEntries ? MANIFESTS : INDEXES;
        if (others.contains(mediaType) || (claimed != null && others.contains(claimed))) {
            throw new IOException("it is not of the media type that it claims");
        }
        if (config != null && !CONFIGS.contains(config.mediaType())) {
            throw new IOException("it is no container image, but " + Text.quote(config.mediaType()));
        }
        return config == null ? new ImageDocument.Index(entries) : new ImageDocument.Manifest(config, layers);
    }
}
