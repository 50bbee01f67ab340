package dev.unroot.manifest;

/** One document of a file. */
public sealed interface YamlDocument {
    /** Counted from 1; an empty document between two markers counts. */
    int number();

    /** The line of its first value, or of what is wrong with it; counted from 1. */
    int line();

    /** A document that could be read. */
    record Parsed(int number, YamlNode root) implements YamlDocument {
        @Override
        public int line() {
            return root.line();
        }
    }

    /**
     * One that could not.
     *
     * @param message says what is wrong: {@code not YAML: found unexpected end of stream}
     */
    record Broken(int number, int line, String message) implements YamlDocument {}
}
