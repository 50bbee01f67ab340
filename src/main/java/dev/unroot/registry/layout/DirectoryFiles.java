package dev.unroot.registry.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The files below a directory. Links within it are followed, as a mounted ConfigMap has them; links out of it are not. */
final class DirectoryFiles implements LayoutFiles {
    private final Path root;

    DirectoryFiles(Path directory) throws IOException {
        this.root = directory.toRealPath();
    }

    @Override
    public boolean has(String name) {
        try {
            return Files.exists(root.resolve(name));
        } catch (InvalidPathException noFileHasThatName) {
            return false;
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        if (!has(name)) {
            throw new NoSuchFileException(name);
        }
        Path real = root.resolve(name).toRealPath();
        if (!real.startsWith(root)) {
            throw new IOException(name + " is a link that leads out of the directory");
        }
        // Not a pipe, which would never end, nor a device.
        if (!Files.isRegularFile(real)) {
            throw new IOException(name + " is not a file");
        }
        return Files.newInputStream(real);
    }
}
