package dev.unroot.registry.layer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The extended header of a POSIX tar entry: {@code LENGTH KEY=VALUE\n}, repeated; the last of a key wins, and an empty
 * value keeps what the plain header says.
 */
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords(Map.of());

    private static final String SPARSE = "GNU.sparse.";
    private static final String MAP = SPARSE + "map";

    /** Version 0.0 repeats these two in turn, where 0.1 has the one map. */
    private static final String OFFSET = SPARSE + "offset";

    private static final String LENGTH = SPARSE + "numbytes";

    private final Map<String, String> records;

    private PaxRecords(Map<String, String> records) {
        this.records = records;
    }

    static PaxRecords parse(String text) throws IOException {
        Map<String, String> records = new LinkedHashMap<>();
        List<String> sparseMap = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int space = text.indexOf(' ', start);
            long length = space < 0 ? -1 : decimal(text.substring(start, space));
            if (length < 5 || length > text.length() - start || start + length <= space + 1) {
                throw invalid();
            }
            int end = (int) (start + length);
            int equals = text.indexOf('=', space);
            if (text.charAt(end - 1) != '\n' || equals < 0 || equals >= end - 1 || equals == space + 1) {
                throw invalid();
            }
            String key = text.substring(space + 1, equals);
            String value = text.substring(equals + 1, end - 1);
            boolean holdsName = key.equals("path") || key.equals("linkpath");
            if (key.indexOf('\0') >= 0 || (holdsName && value.indexOf('\0') >= 0)) {
                throw invalid();
            }
            if (key.equals(OFFSET) || key.equals(LENGTH)) {
                if (!key.equals(sparseMap.size() % 2 == 0 ? OFFSET : LENGTH) || value.indexOf(',') >= 0) {
                    throw invalid();
                }
                sparseMap.add(value);
            } else {
                records.put(key, value);
            }
            start = end;
        }
        if (!sparseMap.isEmpty()) {
            records.put(MAP, String.join(",", sparseMap));
        }
        return new PaxRecords(records);
    }

    String name(String header) {
        return orElse("path", header);
    }

    String linkName(String header) {
        return orElse("linkpath", header);
    }

    long size(long header) throws IOException {
        String size = orElse("size", "");
        if (size.isEmpty()) {
            return header;
        }
        long magnitude = decimal(size.startsWith("-") ? size.substring(1) : size);
        boolean hasTwoSigns = size.startsWith("-+");
        if (magnitude < 0 || hasTwoSigns) {
            throw invalid();
        }
        return size.startsWith("-") ? -magnitude : magnitude;
    }

    /** True where any of GNU's sparse records is there, understood or not. */
    boolean isSparse() {
        return records.keySet().stream().anyMatch(key -> key.startsWith(SPARSE));
    }

    /** A sparse file's real name, where the version of its records is known; the plain one is then made up. */
    String realName(String plain) {
        return isKnownSparse() ? orElse(SPARSE + "name", plain) : plain;
    }

    private boolean isKnownSparse() {
        String major = orElse(SPARSE + "major", "");
        String minor = orElse(SPARSE + "minor", "");
        if (major.isEmpty() && minor.isEmpty()) {
            // Versions 0.0 and 0.1 say nothing of themselves.
            return !orElse(MAP, "").isEmpty();
        }
        return (major.equals("0") && (minor.equals("0") || minor.equals("1")))
                || (major.equals("1") && minor.equals("0"));
    }

    /** True where it sets an attribute that {@link TarEntry#steersOverlay} names. */
    boolean steersOverlay() {
        return records.keySet().stream()
                .anyMatch(key -> key.startsWith("SCHILY.xattr.") && TarEntry.steersOverlay(key));
    }

    private String orElse(String key, String otherwise) {
        String value = records.getOrDefault(key, "");
        return value.isEmpty() ? otherwise : value;
    }

    /** -1 where the text is no number of the size a tar can hold. */
    private static long decimal(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Long.parseLong(digits);
    }

    private static IOException invalid() {
        return new IOException("a tar extended header is malformed");
    }
}
