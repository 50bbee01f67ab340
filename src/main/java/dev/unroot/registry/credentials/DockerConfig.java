package dev.unroot.registry.credentials;

import dev.unroot.model.ImageReference;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a docker config says of registries. Prints none of it.
 *
 * @param auths what {@code auths} holds; an entry that holds nothing is left out
 * @param helpers names of credential helpers, by {@code credHelpers}
 * @param store the helper for all registries without one of their own, {@code credsStore}; empty for none
 * @param problems a clause for each entry that could not be read; holds nothing of what is in it
 */
record DockerConfig(Keyring<AuthConfig> auths, Keyring<String> helpers, String store, List<String> problems) {
    static final DockerConfig EMPTY =
            new DockerConfig(new Keyring<>(List.of()), new Keyring<>(List.of()), "", List.of());

    DockerConfig {
        problems = List.copyOf(problems);
    }

    /** Whether there may be a credential for an image; its helper may still know of none. */
    boolean concerns(ImageReference reference) {
        return !store.isEmpty()
                || !auths.find(reference).isEmpty()
                || !helpers.find(reference).isEmpty();
    }

    /** All that it names, each once. */
    Set<String> helperNames() {
        Set<String> names = new LinkedHashSet<>();
        helpers.entries().forEach(entry -> names.add(entry.value()));
        names.add(store);
        names.remove("");
        return names;
    }

    @Override
    public String toString() {
        return "DockerConfig";
    }
}
