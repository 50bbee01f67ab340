package dev.unroot.registry.layout;

import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What images there are among local files, and where their parts are. */
interface LayoutIndex {
    /** The names under which images are there, sorted, and then {@code @digest} of each that has none of its own. */
    List<String> addresses();

    /**
     * The digest that a name stands for.
     *
     * @param name normalised: {@code registry/repository:tag}
     * @return null where the name is not there
     * @throws IOException where it is there for two different images
     */
    @Nullable
    Digest digest(String name) throws IOException;

    /** The manifest or index of that digest; null where there is none. */
    @Nullable
    Document document(Digest digest) throws IOException;

    /** The file that holds a blob; it need not exist. */
    String file(Digest blob);
}
