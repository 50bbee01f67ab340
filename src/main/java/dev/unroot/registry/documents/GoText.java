package dev.unroot.registry.documents;

import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 in which each byte that is none becomes a replacement character of its own, as in Go. Decodes as it is read: the
 * whole text is never in memory.
 */
final class GoText extends Reader {
    private static final char REPLACEMENT = '\ufffd';

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer bytes;
    /** The second half of a character of two, for which there was no room; 0 for none. */
    private char half;

    GoText(byte[] utf8) {
        bytes = ByteBuffer.wrap(utf8);
    }

    @Override
    public int read(char[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        CharBuffer text = CharBuffer.wrap(into, offset, length);
        if (half != 0) {
            text.put(half);
            half = 0;
        }
        decode(text);
        if (text.position() == offset && bytes.hasRemaining()) {
            // Room for one, and two are to come.
            CharBuffer pair = CharBuffer.allocate(2);
            decode(pair);
            text.put(pair.get(0));
            half = pair.get(1);
        }
        int count = text.position() - offset;
        return count == 0 ? -1 : count;
    }

    private void decode(CharBuffer text) {
        CoderResult result = decoder.decode(bytes, text, true);
        while (result.isError() && text.hasRemaining()) {
            bytes.get();
            text.put(REPLACEMENT);
            result = decoder.decode(bytes, text, true);
        }
    }

    @Override
    public void close() {}
}
