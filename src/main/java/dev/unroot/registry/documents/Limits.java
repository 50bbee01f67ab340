package dev.unroot.registry.documents;

/**
 * What one image may cost. Beyond any of these it is {@link dev.unroot.model.UnknownCause#TOO_LARGE}.
 *
 * @param manifestBytes of a manifest or index; containerd and the distribution registry stop at 4 MiB too
 * @param configBytes of an image configuration
 * @param layerBytes of one layer as transferred
 * @param inflatedBytes of one layer unpacked
 * @param layerEntries tar entries in one layer
 * @param passwdBytes of {@code /etc/passwd}; containerd since 2.4 reads no more than 10 MiB of it either
 * @param indexEntries of one index
 * @param indexDepth indexes within indexes
 * @param layers of one image
 * @param zstdWindowBytes the largest window of a layer in zstd: memory outside the heap. All layers that are read at a time
 *     share what {@link dev.unroot.registry.layer.ZstdMemory#most} says
 */
public record Limits(
        int manifestBytes,
        int configBytes,
        long layerBytes,
        long inflatedBytes,
        int layerEntries,
        int passwdBytes,
        int indexEntries,
        int indexDepth,
        int layers,
        long zstdWindowBytes) {
    private static final int MEBIBYTE = 1 << 20;

    /** With windows of up to 128 MiB: no tool makes larger ones unless told a number ({@code zstd --ultra -22, --long}). */
    public static final Limits DEFAULT = new Limits(
            4 * MEBIBYTE,
            8 * MEBIBYTE,
            512L * MEBIBYTE,
            2048L * MEBIBYTE,
            500_000,
            10 * MEBIBYTE,
            1_000,
            4,
            256,
            128L * MEBIBYTE);
}
