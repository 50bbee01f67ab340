package dev.unroot.registry.credentials;

import dev.unroot.model.DockerHub;
import dev.unroot.model.ImageReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Values kept under registry keys, found as the kubelet finds credentials: all that match, the most specific first; of equal
 * keys, in the order in which they were added. Only where none matches, an image of Docker Hub gets what is kept under
 * {@code index.docker.io}.
 *
 * <p>Source: kubelet, {@code pkg/credentialprovider/keyring.go}, {@code BasicDockerKeyring.Lookup}.
 */
final class Keyring<T> {
    private final List<Entry<T>> entries;

    record Entry<T>(RegistryKey key, T value) {}

    Keyring(List<Entry<T>> entries) {
        List<Entry<T>> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(Entry::key, RegistryKey.MOST_SPECIFIC_FIRST));
        this.entries = List.copyOf(sorted);
    }

    List<Entry<T>> entries() {
        return entries;
    }

    List<T> find(ImageReference reference) {
        List<T> found = entries.stream()
                .filter(entry -> entry.key().matches(reference))
                .map(Entry::value)
                .toList();
        if (!found.isEmpty() || !reference.registry().equals(DockerHub.REGISTRY)) {
            return found;
        }
        return entries.stream()
                .filter(entry -> entry.key().isDefaultRegistry())
                .map(Entry::value)
                .toList();
    }
}
