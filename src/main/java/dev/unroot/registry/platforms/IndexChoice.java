package dev.unroot.registry.platforms;

import dev.unroot.registry.documents.Descriptor;
import dev.unroot.registry.documents.ImageConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one runtime chooses from an index, on one kind of node. */
interface IndexChoice {
    /** The entry that it takes; null where none will do. */
    @Nullable
    Descriptor from(List<Descriptor> entries);

    /** Whether it goes on with an entry that named no platform, once it has seen the image's configuration. */
    boolean takesUndeclared(ImageConfig config);
}
