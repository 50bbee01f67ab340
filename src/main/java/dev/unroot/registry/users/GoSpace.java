package dev.unroot.registry.users;

/** Trims as Go's {@code bytes.TrimSpace} does: Unicode's white space in UTF-8, found here in text of one char per byte. */
final class GoSpace {
    private static final int LONGEST = 3;

    private GoSpace() {}

    static String trim(String bytes) {
        int start = 0;
        int length = spaceAt(bytes, start);
        while (length > 0) {
            start += length;
            length = spaceAt(bytes, start);
        }
        int end = bytes.length();
        length = spaceBefore(bytes, start, end);
        while (length > 0) {
            end -= length;
            length = spaceBefore(bytes, start, end);
        }
        return bytes.substring(start, end);
    }

    private static int spaceBefore(String bytes, int start, int end) {
        for (int length = 1; length <= LONGEST && length <= end - start; length++) {
            if (spaceAt(bytes, end - length) == length) {
                return length;
            }
        }
        return 0;
    }

    /** How many bytes the white space takes that begins there; 0 where none does. */
    private static int spaceAt(String bytes, int index) {
        if (index >= bytes.length()) {
            return 0;
        }
        char first = bytes.charAt(index);
        if (first == ' ' || (first >= '\t' && first <= '\r')) {
            return 1;
        }
        char second = index + 1 < bytes.length() ? bytes.charAt(index + 1) : 0;
        char third = index + 2 < bytes.length() ? bytes.charAt(index + 2) : 0;
        return switch (first) {
            case 0xc2 -> second == 0x85 || second == 0xa0 ? 2 : 0;
            case 0xe1 -> second == 0x9a && third == 0x80 ? 3 : 0;
            case 0xe2 -> isGeneralPunctuationSpace(second, third) ? 3 : 0;
            case 0xe3 -> second == 0x80 && third == 0x80 ? 3 : 0;
            default -> 0;
        };
    }

    private static boolean isGeneralPunctuationSpace(char second, char third) {
        if (second == 0x80) {
            return (third >= 0x80 && third <= 0x8a) || third == 0xa8 || third == 0xa9 || third == 0xaf;
        }
        return second == 0x81 && third == 0x9f;
    }
}
