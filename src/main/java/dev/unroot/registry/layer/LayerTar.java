package dev.unroot.registry.layer;

import dev.unroot.registry.documents.TooLargeException;
import java.io.IOException;
import java.io.InputStream;

/** Takes a layer's tar to pieces for a scan. */
public final class LayerTar {
    private LayerTar() {}

    /** Does something with the content of a file besides the scan. */
    @FunctionalInterface
    public interface FileReader {
        void read(InputStream content) throws IOException;
    }

    /** Reads to the end of the archive. */
    public static void read(InputStream tar, LayerScan scan) throws IOException {
        read(tar, scan, "", content -> {});
    }

    /**
     * The same, and passes the content of some files on.
     *
     * @param path which files: all regular ones of this cleaned name
     * @throws TooLargeException as the scan does
     * @throws IOException where it is no valid tar archive
     */
    public static void read(InputStream tar, LayerScan scan, String path, FileReader files) throws IOException {
        TarReader reader = new TarReader(tar);
        TarEntry entry = reader.next();
        while (entry != null) {
            scan.see(entry, reader::data);
            if (entry.isPlainFile() && entry.path().equals(path)) {
                files.read(reader.content());
            }
            entry = reader.next();
        }
    }
}
