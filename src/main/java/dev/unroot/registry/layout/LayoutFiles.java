package dev.unroot.registry.layout;

import dev.unroot.registry.documents.TooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/** Files by name, in a directory or in a tar. */
interface LayoutFiles {
    boolean has(String name);

    /**
     * Opens a file; several may be open at once.
     *
     * @throws NoSuchFileException where there is none of that name
     */
    InputStream open(String name) throws IOException;

    /**
     * Reads a small file whole.
     *
     * @throws TooLargeException where it holds more than {@code limit} bytes
     */
    default byte[] read(String name, int limit) throws IOException {
        try (InputStream input = open(name)) {
            byte[] content = input.readNBytes(limit + 1);
            if (content.length > limit) {
                throw new TooLargeException(name + " holds more than " + limit + " bytes");
            }
            return content;
        }
    }
}
