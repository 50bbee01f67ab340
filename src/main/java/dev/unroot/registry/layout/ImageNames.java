package dev.unroot.registry.layout;

import dev.unroot.common.Text;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.documents.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Names of images, normalised as a pod's are, and what they stand for. */
final class ImageNames {
    private final Map<String, Digest> digests = new TreeMap<>();
    private final Set<String> ambiguous = new HashSet<>();
    private final Set<Digest> images = new LinkedHashSet<>();

    /** Takes an image, whether it has a name or not. */
    void add(Digest image) {
        images.add(image);
    }

    /** Takes a name as a tool wrote it; one that no pod could ask for is left out. */
    void add(String written, Digest digest) {
        ImageReference reference;
        try {
            reference = ImageReference.parse(written);
        } catch (IllegalArgumentException notAReference) {
            return;
        }
        String name = reference.name()
                + (reference.tag() == null ? "@" : ":")
                + (reference.tag() == null ? reference.digest() : reference.tag());
        Digest before = digests.put(name, digest);
        if (before != null && !before.equals(digest)) {
            ambiguous.add(name);
        }
    }

    /** The names under which images are there, sorted, and then {@code @digest} of each that has none of its own. */
    List<String> addresses() {
        List<String> addresses = new ArrayList<>(digests.keySet());
        Set<Digest> named = new HashSet<>(digests.values());
        for (Digest image : images) {
            if (!named.contains(image)) {
                addresses.add("@" + image);
            }
        }
        return addresses;
    }

    /**
     * The digest that a name stands for.
     *
     * @param name normalised: {@code registry/repository:tag}
     * @return null where the name is not there
     * @throws IOException where it is there for two different images
     */
    @Nullable
    Digest digest(String name) throws IOException {
        if (ambiguous.contains(name)) {
            throw new IOException("it names two different images " + Text.quote(name));
        }
        return digests.get(name);
    }
}
