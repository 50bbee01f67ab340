package dev.unroot.registry.layer;

import org.jspecify.annotations.Nullable;

/**
 * What one layer does to {@code /etc/passwd}.
 *
 * @param ambiguity why runtimes may disagree about the result, a clause that follows {@code but}; null where they agree
 * @param passwd the content it puts there; null where it puts none
 * @param hidesPasswd true where it removes what lower layers put there
 * @param etcIsDirectory true where it makes {@code /etc} a directory whatever was there before
 * @param etcIsGone true where it removes {@code /etc} and puts nothing in its place
 */
// Arrays compare by identity; nothing compares findings.
@SuppressWarnings("ArrayRecordComponent")
public record LayerFindings(
        @Nullable String ambiguity,
        byte @Nullable [] passwd,
        boolean hidesPasswd,
        boolean etcIsDirectory,
        boolean etcIsGone) {}
