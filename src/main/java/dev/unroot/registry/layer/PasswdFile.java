package dev.unroot.registry.layer;

/** An image's {@code /etc/passwd}. */
public sealed interface PasswdFile {
    /** A regular file. */
    // Arrays compare by identity; nothing compares files.
    @SuppressWarnings("ArrayRecordComponent")
    record Found(byte[] content) implements PasswdFile {}

    /** The image has none. */
    record None() implements PasswdFile {}

    /** @param why runtimes may disagree, a clause that follows {@code but} */
    record Unclear(String why) implements PasswdFile {}
}
