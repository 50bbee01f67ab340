package dev.unroot.manifest;

/**
 * Where an object or an error stands.
 *
 * @param source the file as it was named, or {@code stdin}
 * @param document counted from 1; 0 where it is about the file as a whole
 * @param line likewise
 */
public record ManifestLocation(String source, int document, int line) {
    static ManifestLocation file(String source) {
        return new ManifestLocation(source, 0, 0);
    }

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
