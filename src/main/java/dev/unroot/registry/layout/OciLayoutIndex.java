package dev.unroot.registry.layout;

import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.DescriptorFields;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.GoJson;
import dev.unroot.registry.documents.Limits;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An OCI image layout (image-spec {@code image-layout.md}). */
final class OciLayoutIndex extends LayoutIndex {
    static final String MARKER = "oci-layout";
    static final String INDEX = "index.json";

    private static final String NAME = "org.opencontainers.image.ref.name";
    private static final String CONTAINERD_NAME = "io.containerd.image.name";

    OciLayoutIndex(LayoutFiles files, Limits limits) throws IOException {
        super(files, limits);
        try {
            GoJson.strictDocument(files.read(INDEX, limits.manifestBytes()), (name, value) -> {
                if (name.equals("manifests")) {
                    GoJson.array(value, element -> add(DescriptorFields.read(element)));
                }
            });
        } catch (IOException malformed) {
            throw new IOException(INDEX + " cannot be read: " + GoJson.describe(malformed), malformed);
        }
    }

    private void add(DescriptorFields entry) {
        Descriptor descriptor = entry.descriptor();
        String name = name(entry.annotations());
        if (name != null) {
            names.add(name, descriptor.digest());
        }
        if (mayBeImage(descriptor.mediaType())) {
            names.add(descriptor.digest());
        }
    }

    /** Other things than images lie in layouts too: signatures, charts. What says nothing of itself may be one. */
    private static boolean mayBeImage(String mediaType) {
        return mediaType.isEmpty() || mediaType.contains("manifest") || mediaType.contains(".index.");
    }

    /** containerd and Docker put only the tag into the one, and the full name into the other. */
    private static @Nullable String name(Map<String, String> annotations) {
        String name = annotations.get(NAME);
        String full = annotations.get(CONTAINERD_NAME);
        boolean isTagOnly = name != null && name.indexOf('/') < 0 && name.indexOf(':') < 0;
        return name == null || (isTagOnly && full != null) ? full : name;
    }

    @Override
    @Nullable
    Document document(Digest digest) throws IOException {
        if (!files.has(file(digest))) {
            return null;
        }
        byte[] bytes = files.read(file(digest), limits.manifestBytes());
        if (!digest.matches(bytes)) {
            throw new IOException(file(digest) + " has another digest than its name says");
        }
        return new Document(bytes, digest.toString(), null);
    }

    @Override
    String file(Digest blob) {
        return "blobs/" + blob.algorithm() + "/" + blob.hex();
    }
}
