package dev.unroot.registry.cache;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.Platform;
import java.util.List;

/** By which what is known of an image never changes: the digest, and the platforms asked for. */
record ImageKey(String digest, List<Platform> platforms) {
    ImageKey {
        platforms = List.copyOf(platforms);
    }

    /** With what is known of it. */
    record Entry(ImageKey key, ImageFacts.Known facts) {}
}
