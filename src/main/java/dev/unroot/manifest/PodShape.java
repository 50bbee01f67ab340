package dev.unroot.manifest;

import dev.unroot.manifest.YamlNode.Entry;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Sequence;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Recognizes a pod's spec in an object of a kind that nobody has told us of: a field {@code spec}, {@code podSpec},
 * {@code template} or the like with containers in it, at whatever depth, in lists too.
 */
final class PodShape {
    private static final Pattern SPEC = Pattern.compile("(?i)(.*\\.)?[A-Za-z0-9_-]*(spec|templates?)(\\[])?");

    private PodShape() {}

    /** The path of the pod's spec that is least deep, {@code []} for a list's items; null where there is none. */
    static @Nullable String find(Mapping object) {
        // An anchor's node may stand in many places.
        Set<Mapping> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Place> places = new ArrayDeque<>();
        places.add(new Place("", object));
        while (!places.isEmpty()) {
            Place place = places.remove();
            if (!seen.add(place.mapping)) {
                continue;
            }
            if (place.isSpec() && startsContainers(place.mapping.get("containers"))) {
                return place.path;
            }
            for (Map.Entry<String, Entry> field : place.mapping.entries().entrySet()) {
                if (!isElsewhere(place, field.getKey())) {
                    add(places, place.child(field.getKey()), field.getValue().value());
                }
            }
        }
        return null;
    }

    private static void add(Deque<Place> places, String path, YamlNode value) {
        if (value instanceof Mapping inner) {
            places.add(new Place(path, inner));
        } else if (value instanceof Sequence sequence) {
            sequence.items().forEach(item -> {
                if (item instanceof Mapping inner) {
                    places.add(new Place(path + "[]", inner));
                }
            });
        }
    }

    private static boolean isElsewhere(Place place, String field) {
        return place.path.isEmpty() && (field.equals("metadata") || field.equals("status"));
    }

    private static boolean startsContainers(@Nullable YamlNode containers) {
        return containers instanceof Sequence sequence
                && sequence.items().stream()
                        .anyMatch(item -> item instanceof Mapping container && container.get("image") != null);
    }

    private record Place(String path, Mapping mapping) {
        boolean isSpec() {
            return SPEC.matcher(path).matches();
        }

        String child(String field) {
            return path.isEmpty() ? field : path + "." + field;
        }
    }
}
