package dev.unroot.manifest;

/** One document of a file. */
public sealed interface YamlDocument {
    /** Counted from 1; an empty document between two markers counts. */
    int number();

    /** A document that could be read. */
    record Parsed(int number, YamlNode root) implements YamlDocument {}

    /**
     * One that could not.
     *
     * @param line of what is wrong with it, counted from 1
     * @param message says what is wrong: {@code not YAML: found unexpected end of stream}
     */
    record Broken(int number, int line, String message) implements YamlDocument {}
}
