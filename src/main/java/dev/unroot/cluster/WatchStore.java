package dev.unroot.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cluster-scoped objects by their names, of each only what is needed.
 *
 * @param <T> what the API server sends
 * @param <V> what is kept of it
 */
abstract class WatchStore<T extends HasMetadata, V> {
    private final Map<String, V> objects = new ConcurrentHashMap<>();

    /** What is needed of an object. */
    abstract V keep(T object);

    /** Called after each change, on the thread that brought it; null before an object is there and after it is gone. */
    abstract void changed(String name, @Nullable V before, @Nullable V after);

    /** What is kept of an object; null for one that was not seen. */
    final @Nullable V kept(String name) {
        return objects.get(name);
    }

    /** What is kept of each. */
    final Stream<V> allKept() {
        return objects.values().stream();
    }

    final void put(T object) {
        String name = object.getMetadata().getName();
        V known = keep(object);
        changed(name, objects.put(name, known), known);
    }

    final void remove(String name) {
        changed(name, objects.remove(name), null);
    }

    /** Removes all others. */
    final void retain(Set<String> names) {
        for (String name : objects.keySet()) {
            if (!names.contains(name)) {
                remove(name);
            }
        }
    }
}
