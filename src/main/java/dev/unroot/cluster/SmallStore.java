package dev.unroot.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An informer's store of cluster-scoped objects that keeps of each only its resource version and what is needed. As the
 * informer's own store it is never behind it, and nothing is kept twice.
 *
 * @param <T> what the API server sends
 * @param <V> what is kept of it
 */
abstract class SmallStore<T extends HasMetadata, V> implements ItemStore<T> {
    private record Known<V>(@Nullable String resourceVersion, V value) {}

    private final Map<String, Known<V>> objects = new ConcurrentHashMap<>();

    /** What is needed of an object. */
    abstract V keep(T object);

    /** As much of the object as is known; the informer only looks at its name and version. */
    abstract T rebuild(ObjectMeta meta, V value);

    /** Called after each change, on the informer's thread; null before an object is there and after it is gone. */
    abstract void changed(String name, @Nullable V before, @Nullable V after);

    /** What is kept of an object; null for one that was not seen. */
    final @Nullable V kept(String name) {
        Known<V> known = objects.get(name);
        return known == null ? null : known.value();
    }

    /** What is kept of each. */
    final Stream<V> allKept() {
        return objects.values().stream().map(Known::value);
    }

    @Override
    public final String getKey(T object) {
        return object.getMetadata().getName();
    }

    @Override
    public final @Nullable T put(String name, T object) {
        Known<V> known = new Known<>(object.getMetadata().getResourceVersion(), keep(object));
        Known<V> before = objects.put(name, known);
        changed(name, before == null ? null : before.value(), known.value());
        return rebuild(name, before);
    }

    @Override
    public final @Nullable T remove(String name) {
        Known<V> removed = objects.remove(name);
        changed(name, removed == null ? null : removed.value(), null);
        return rebuild(name, removed);
    }

    @Override
    public final Stream<String> keySet() {
        return objects.keySet().stream();
    }

    @Override
    public final Stream<T> values() {
        return objects.entrySet().stream().map(entry -> build(entry.getKey(), entry.getValue()));
    }

    @Override
    public final int size() {
        return objects.size();
    }

    @Override
    public final @Nullable T get(String name) {
        return rebuild(name, objects.get(name));
    }

    private @Nullable T rebuild(String name, @Nullable Known<V> known) {
        return known == null ? null : build(name, known);
    }

    private T build(String name, Known<V> known) {
        ObjectMeta meta = new ObjectMetaBuilder()
                .withName(name)
                .withResourceVersion(known.resourceVersion())
                .build();
        return rebuild(meta, known.value());
    }
}
