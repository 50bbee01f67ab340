package dev.unroot.registry.documents;

import java.util.List;

/** What a tag or digest leads to. */
public sealed interface ImageDocument {
    /**
     * One image.
     *
     * @param layers lowest first
     */
    record Manifest(Descriptor config, List<Descriptor> layers) implements ImageDocument {
        public Manifest {
            layers = List.copyOf(layers);
        }
    }

    /** The same image for several platforms, in the order of preference. */
    record Index(List<Descriptor> entries) implements ImageDocument {
        public Index {
            entries = List.copyOf(entries);
        }
    }
}
