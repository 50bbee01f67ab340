package dev.unroot.registry.layer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A tar header block, read field by field as Go's {@code archive/tar} does: every runtime that unpacks images is built on
 * it, and a reader that saw other names than they do could be shown another passwd.
 *
 * @param name with the prefix that some formats hold
 * @param size may be negative, which only matters where data follows
 * @param gnu true for the old GNU format, whose sparse files have header blocks of their own
 */
record TarHeader(String name, char type, String linkName, long size, boolean gnu) {
    static final int BLOCK = 512;

    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_END = 156;

    static TarHeader parse(byte[] block) throws IOException {
        checkSum(block);
        String magic = latin(block, 257, 6);
        boolean ustar = magic.equals("ustar\0");
        boolean star = ustar && latin(block, 508, 4).equals("tar\0");
        boolean gnu = magic.equals("ustar ") && latin(block, 263, 2).equals(" \0");
        String prefix = "";
        if (star) {
            prefix = text(block, 345, 131);
        } else if (ustar) {
            prefix = text(block, 345, 155);
        } else if (gnu && !hasTimes(block)) {
            prefix = oldGoPrefix(block);
        }
        String name = text(block, 0, 100);
        return new TarHeader(
                prefix.isEmpty() ? name : prefix + "/" + name,
                (char) (block[156] & 0xff),
                text(block, 157, 100),
                size(block, 124),
                gnu);
    }

    /** The format has no prefix, but archives made before Go 1.8 can hold one where access and change time stand. */
    private static String oldGoPrefix(byte[] block) {
        String prefix = text(block, 345, 155);
        return prefix.chars().allMatch(c -> c < 0x80) ? prefix : "";
    }

    private static boolean hasTimes(byte[] block) {
        return isNumberOrUnset(block, 345) && isNumberOrUnset(block, 357);
    }

    private static boolean isNumberOrUnset(byte[] block, int offset) {
        return block[offset] == 0 || number(block, offset, 12) != null;
    }

    private static long size(byte[] block, int offset) throws IOException {
        Long size = number(block, offset, 12);
        if (size == null) {
            throw new IOException("a tar header holds no valid size");
        }
        return size;
    }

    private static void checkSum(byte[] block) throws IOException {
        Long expected = octal(latin(block, CHECKSUM, 8));
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM_END ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        if (expected == null || (expected != unsigned && expected != signed)) {
            throw new IOException("a tar header's checksum is wrong");
        }
    }

    /** Octal digits, or with the first bit set a big-endian two's complement number; null where neither. */
    private static @Nullable Long number(byte[] block, int offset, int length) {
        if (block[offset] >= 0) {
            return octal(latin(block, offset, length));
        }
        int inversion = (block[offset] & 0x40) == 0 ? 0 : 0xff;
        long value = 0;
        for (int i = 0; i < length; i++) {
            int b = (block[offset + i] & 0xff) ^ inversion;
            if (i == 0) {
                b &= 0x7f;
            }
            if (value >>> 56 != 0) {
                return null;
            }
            value = value << 8 | b;
        }
        if (value < 0) {
            return null;
        }
        return inversion == 0 ? value : ~value;
    }

    private static @Nullable Long octal(String field) {
        int start = 0;
        int end = field.length();
        while (start < end && isPadding(field.charAt(start))) {
            start++;
        }
        while (end > start && isPadding(field.charAt(end - 1))) {
            end--;
        }
        String digits = field.substring(start, end);
        int nul = digits.indexOf('\0');
        long value = 0;
        for (int i = 0; i < (nul < 0 ? digits.length() : nul); i++) {
            int digit = digits.charAt(i) - '0';
            // Fields are at most 12 digits: no overflow.
            if (digit < 0 || digit > 7) {
                return null;
            }
            value = value * 8 + digit;
        }
        return value;
    }

    private static boolean isPadding(char c) {
        return c == ' ' || c == '\0';
    }

    /** A field up to its first NUL. */
    static String text(byte[] bytes, int offset, int length) {
        String field = latin(bytes, offset, length);
        int nul = field.indexOf('\0');
        return nul < 0 ? field : field.substring(0, nul);
    }

    private static String latin(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
}
