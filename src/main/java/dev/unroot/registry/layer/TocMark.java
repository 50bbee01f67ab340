package dev.unroot.registry.layer;

import dev.unroot.registry.documents.Digest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a layer's descriptor says of a table of contents: some runtimes go by that instead of the tar, and fetch single
 * files. Source: estargz {@code estargz.go} and {@code zstdchunked.go} (eStargz, in gzip: a last file of the tar),
 * containers/storage {@code pkg/chunked} (zstd:chunked: a frame of its own).
 *
 * @param unpacked digest of the table itself
 * @param packed digest of the table compressed
 * @param position where in the layer it is; null: it is a file of the tar
 * @param isSound false where no table could be found and checked by it
 */
public record TocMark(
        @Nullable Digest unpacked,
        @Nullable Digest packed,
        @Nullable Position position,
        boolean isSound) {
    private static final String STARGZ = "containerd.io/snapshot/stargz/toc.digest";

    /** The newer name and the older one, which is still written. */
    private static final List<String> ZSTD_CHUNKED =
            List.of("io.github.containers.zstd-chunked.manifest-", "io.containers.zstd-chunked.manifest-");

    /** Offset, length, length unpacked, and the one type there is. */
    private static final Pattern POSITION = Pattern.compile("([0-9]{1,15}):([0-9]{1,9}):[0-9]{1,15}:1");

    private static final TocMark UNSOUND = new TocMark(null, null, null, false);

    /** In the layer as transferred, in bytes. */
    public record Position(long offset, int length) {}

    /** Null where there is no table that a runtime would go by: none of them does without a digest. */
    public static @Nullable TocMark of(Map<String, String> annotations) {
        List<String> checksums = values(annotations, "checksum");
        List<String> positions = values(annotations, "position");
        String stargz = annotations.get(STARGZ);
        if (stargz == null && checksums.isEmpty()) {
            return null;
        }
        Matcher position = positions.size() == 1 ? POSITION.matcher(positions.get(0)) : null;
        boolean sound = (stargz == null || Digest.isDigest(stargz))
                && checksums.size() <= 1
                && checksums.stream().allMatch(Digest::isDigest)
                && (position != null ? position.matches() : positions.isEmpty() && checksums.isEmpty());
        if (!sound) {
            return UNSOUND;
        }
        return new TocMark(
                stargz == null ? null : Digest.parse(stargz),
                checksums.isEmpty() ? null : Digest.parse(checksums.get(0)),
                position == null
                        ? null
                        : new Position(Long.parseLong(position.group(1)), Integer.parseInt(position.group(2))),
                true);
    }

    /** Different ones; honest writers agree. */
    private static List<String> values(Map<String, String> annotations, String name) {
        return ZSTD_CHUNKED.stream()
                .map(prefix -> annotations.get(prefix + name))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }
}
