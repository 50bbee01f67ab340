package dev.unroot.manifest;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a file where a line begins with {@code ---}, before anything is parsed: so one broken document cannot hide the
 * others. Nothing in valid YAML but such a marker can stand there.
 */
final class DocumentSplitter {
    private final byte[] bytes;
    private final int start;

    /**
     * Part of a file, its marker included.
     *
     * @param firstLine the line of the file that it begins on, from 1
     */
    record Part(byte[] bytes, int from, int to, int firstLine) {
        String text() throws DocumentException {
            var decoder = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
            try {
                return decoder.decode(in).toString();
            } catch (CharacterCodingException e) {
                int line = firstLine;
                for (int i = from; i < in.position(); i++) {
                    line += bytes[i] == '\n' ? 1 : 0;
                }
                throw new DocumentException(line, "not UTF-8 text");
            }
        }
    }

    /** @throws DocumentException for UTF-16 that is none */
    DocumentSplitter(byte[] file) throws DocumentException {
        if (startsWith(file, 0xFE, 0xFF)) {
            bytes = fromUtf16(file, StandardCharsets.UTF_16BE);
            start = 0;
        } else if (startsWith(file, 0xFF, 0xFE)) {
            bytes = fromUtf16(file, StandardCharsets.UTF_16LE);
            start = 0;
        } else {
            bytes = file;
            start = startsWith(file, 0xEF, 0xBB, 0xBF) ? 3 : 0;
        }
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        boolean same = bytes.length >= mark.length;
        for (int i = 0; same && i < mark.length; i++) {
            same = (bytes[i] & 0xFF) == mark[i];
        }
        return same;
    }

    private static byte[] fromUtf16(byte[] file, Charset charset) throws DocumentException {
        try {
            ByteBuffer text = ByteBuffer.wrap(file, 2, file.length - 2);
            return charset.newDecoder().decode(text).toString().getBytes(StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new DocumentException(1, "not UTF-16 text, although it begins like it");
        }
    }

    void forEach(Consumer<Part> consumer) {
        int from = start;
        int firstLine = 1;
        int line = 1;
        boolean directives = false;
        for (int i = start; i < bytes.length; i = endOfLine(i)) {
            if (isMarker(i) && !directives) {
                consumer.accept(new Part(bytes, from, i, firstLine));
                from = i;
                firstLine = line;
            }
            // A %YAML line belongs to the document whose marker follows it.
            directives = (directives && !isMarker(i)) || (bytes[i] == '%' && from == i);
            line++;
        }
        consumer.accept(new Part(bytes, from, bytes.length, firstLine));
    }

    private int endOfLine(int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return bytes.length;
    }

    private boolean isMarker(int at) {
        boolean dashes = at + 3 <= bytes.length && bytes[at] == '-' && bytes[at + 1] == '-' && bytes[at + 2] == '-';
        return dashes && (at + 3 == bytes.length || isBlank(bytes[at + 3]) || bytes[at + 3] == '\n');
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r';
    }
}
