package dev.unroot.registry.documents;

import org.jspecify.annotations.Nullable;

/**
 * A manifest or index as served.
 *
 * @param digest computed from the bytes, never merely claimed
 * @param mediaType the {@code Content-Type} without parameters; null where the source names none
 */
// Arrays compare by identity; nothing compares documents.
@SuppressWarnings("ArrayRecordComponent")
public record Document(
        byte[] bytes, String digest, @Nullable String mediaType) {}
