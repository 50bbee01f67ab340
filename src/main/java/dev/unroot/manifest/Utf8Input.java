package dev.unroot.manifest;

import dev.unroot.common.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Makes UTF-8 without a byte order mark of what has one, UTF-16 among it: Windows shells write that. */
final class Utf8Input extends BlockInputStream {
    private static final int BUFFER = 8 << 10;

    private final Reader text;
    private final char[] chars = new char[BUFFER];
    private byte[] bytes = new byte[0];
    private int at;

    private Utf8Input(InputStream in, Charset utf16) {
        this.text = new InputStreamReader(in, utf16.newDecoder());
    }

    /** Does not look at whether the rest is UTF-8 where it does not begin like UTF-16. */
    static InputStream of(InputStream in) throws IOException {
        PushbackInputStream back = new PushbackInputStream(in, 3);
        byte[] mark = back.readNBytes(3);
        if (startsWith(mark, 0xFE, 0xFF)) {
            back.unread(mark, 2, mark.length - 2);
            return new Utf8Input(back, StandardCharsets.UTF_16BE);
        }
        if (startsWith(mark, 0xFF, 0xFE)) {
            back.unread(mark, 2, mark.length - 2);
            return new Utf8Input(back, StandardCharsets.UTF_16LE);
        }
        if (!startsWith(mark, 0xEF, 0xBB, 0xBF)) {
            back.unread(mark);
        }
        return back;
    }

    private static boolean startsWith(byte[] bytes, int... mark) {
        boolean same = bytes.length >= mark.length;
        for (int i = 0; same && i < mark.length; i++) {
            same = (bytes[i] & 0xFF) == mark[i];
        }
        return same;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length > 0 && at == bytes.length && !fill()) {
            return -1;
        }
        int count = Math.min(length, bytes.length - at);
        System.arraycopy(bytes, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        try {
            // One char less than there is room for: the other half of a pair must fit.
            int read = text.read(chars, 0, BUFFER - 1);
            if (read > 0 && Character.isHighSurrogate(chars[read - 1])) {
                read += text.read(chars, read, 1);
            }
            bytes = read < 0 ? new byte[0] : new String(chars, 0, read).getBytes(StandardCharsets.UTF_8);
            at = 0;
            return read > 0;
        } catch (CharacterCodingException e) {
            throw new DocumentFault(new DocumentException(1, "not UTF-16 text, although it begins like it"));
        }
    }
}
