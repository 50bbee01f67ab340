package dev.unroot.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of an object's metadata matters to a verdict.
 *
 * @param deleting a deletionTimestamp is set
 * @param mirror the annotation {@code kubernetes.io/config.mirror} is there: the pod stands for a static one
 * @param owners what owns it
 * @param labels those under {@code unroot.dev/}
 */
public record ObjectMeta(
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String generateName,
        boolean deleting,
        boolean mirror,
        List<Owner> owners,
        Map<String, String> labels) {
    public static final ObjectMeta EMPTY = new ObjectMeta(null, null, null, false, false, List.of(), Map.of());

    /**
     * An owner reference.
     *
     * @param controller it is the one that makes the object
     */
    public record Owner(String apiVersion, String kind, String name, boolean controller) {}

    /** What made the object; null where nothing did. */
    public @Nullable Owner controller() {
        for (Owner owner : owners) {
            if (owner.controller()) {
                return owner;
            }
        }
        return null;
    }

    /** The name; {@code x-*} for a generateName of {@code x-}; empty where there is neither. */
    public String displayName() {
        if (name != null && !name.isEmpty()) {
            return name;
        }
        return generateName == null || generateName.isEmpty() ? "" : generateName + "*";
    }
}
