package dev.unroot.manifest;

import dev.unroot.manifest.YamlNode.Entry;
import dev.unroot.manifest.YamlNode.Mapping;
import dev.unroot.manifest.YamlNode.Sequence;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recognizes a pod's spec in an object of a kind that nobody has told us of: a field {@code spec} with containers in it. */
final class PodShape {
    /** Of the path of a spec, in fields: a CronJob's has five, and others wrap a template at most once more. */
    private static final int DEEPEST = 7;

    private PodShape() {}

    /** The path of the pod's spec that is least deep; null where there is none. What lists hold is not searched. */
    static @Nullable String find(Mapping object) {
        Deque<Place> places = new ArrayDeque<>();
        places.add(new Place("", 0, object));
        while (!places.isEmpty()) {
            Place place = places.remove();
            if (place.isSpec() && startsContainers(place.mapping.get("containers"))) {
                return place.path;
            }
            if (place.depth < DEEPEST) {
                for (Map.Entry<String, Entry> field : place.mapping.entries().entrySet()) {
                    if (field.getValue().value() instanceof Mapping inner && !isElsewhere(place, field.getKey())) {
                        places.add(place.child(field.getKey(), inner));
                    }
                }
            }
        }
        return null;
    }

    private static boolean isElsewhere(Place place, String field) {
        return place.depth == 0 && (field.equals("metadata") || field.equals("status"));
    }

    private static boolean startsContainers(@Nullable YamlNode containers) {
        return containers instanceof Sequence sequence
                && sequence.items().stream()
                        .anyMatch(item -> item instanceof Mapping container && container.get("image") != null);
    }

    private record Place(String path, int depth, Mapping mapping) {
        boolean isSpec() {
            return path.equals("spec") || path.endsWith(".spec");
        }

        Place child(String field, Mapping inner) {
            return new Place(path.isEmpty() ? field : path + "." + field, depth + 1, inner);
        }
    }
}
