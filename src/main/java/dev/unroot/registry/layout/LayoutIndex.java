package dev.unroot.registry.layout;

import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.documents.Document;
import dev.unroot.registry.documents.Limits;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What images there are among local files, and where their parts are. */
abstract class LayoutIndex {
    final LayoutFiles files;
    final Limits limits;
    final ImageNames names = new ImageNames();

    LayoutIndex(LayoutFiles files, Limits limits) {
        this.files = files;
        this.limits = limits;
    }

    /** The manifest or index of that digest; null where there is none. */
    abstract @Nullable Document document(Digest digest) throws IOException;

    /** The file that holds a blob; it need not exist. */
    abstract String file(Digest blob);
}
