package dev.unroot.registry.documents;

import dev.unroot.model.Platform;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OCI's pointer to content (image-spec {@code descriptor.md}).
 *
 * @param mediaType empty where it names none
 * @param digest well-formed ({@link Digest#parse} accepts it)
 * @param size in bytes; 0 where it names none
 * @param platform of an index's entry; null where it names none
 * @param osFeatures what an index's entry asks of the node's operating system besides; mostly empty
 * @param annotations those that are strings
 * @param urls where else a foreign layer can be had; Unroot never follows them
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @Nullable Platform platform,
        List<String> osFeatures,
        Map<String, String> annotations,
        List<String> urls) {
    public Descriptor {
        osFeatures = List.copyOf(osFeatures);
        annotations = Map.copyOf(annotations);
        urls = List.copyOf(urls);
    }
}
