package dev.unroot.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The text of a document that is too long to be held, as a parser reads it: UTF-8, and each of its objects within bounds.
 *
 * <p>What is wrong with the text is thrown as a {@link DocumentFault}; where the input itself fails, as an unchecked
 * exception, which no parser takes for a fault of the document's.
 */
final class DocumentText extends Reader {
    private static final int BUFFER = 8 << 10;

    private final InputStream bytes;
    private final boolean yaml;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer undecoded = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer decoded = CharBuffer.allocate(BUFFER).flip();
    private boolean ended;
    private int line;
    private int column;
    private int objectLine;
    private long objectLength;

    /**
     * @param line the line of the input that the text begins on
     * @param yaml lines are bounded, and what YAML does not allow is refused
     */
    DocumentText(InputStream bytes, int line, boolean yaml) {
        this.bytes = bytes;
        this.line = line;
        this.objectLine = line;
        this.yaml = yaml;
    }

    /** From here on an object of its own is read. */
    void beginObject(int itsLine) {
        objectLine = itsLine;
        objectLength = 0;
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        if (!decoded.hasRemaining() && !decode()) {
            return -1;
        }
        int count = Math.min(length, decoded.remaining());
        decoded.get(target, offset, count);
        for (int i = offset; i < offset + count; i++) {
            check(target[i]);
        }
        objectLength += count;
        if (objectLength > NodeLimits.MAX_OBJECT) {
            throw fault(
                    objectLine,
                    "longer than " + (NodeLimits.MAX_OBJECT >> 20) + " MiB in one object: no cluster would take it");
        }
        return count;
    }

    private void check(char c) throws DocumentFault {
        if (c == '\n') {
            line++;
            column = 0;
        } else if (yaml) {
            column++;
            if (column > NodeLimits.MAX_LINE) {
                throw fault(line, "longer than " + (NodeLimits.MAX_LINE >> 20) + " MiB in one line");
            }
            if (!Character.isSurrogate(c) && !StreamReader.isPrintable(c)) {
                throw fault(line, YamlFault.notAllowed(c));
            }
        }
    }

    /** False at the end. */
    private boolean decode() throws DocumentFault {
        decoded.clear();
        while (true) {
            CoderResult result = decoder.decode(undecoded, decoded, ended);
            if (result.isError() && decoded.position() == 0) {
                throw fault(line, "not UTF-8 text");
            }
            if (decoded.position() > 0 || ended) {
                decoded.flip();
                return decoded.hasRemaining();
            }
            fill();
        }
    }

    private void fill() {
        undecoded.compact();
        try {
            int read = bytes.read(undecoded.array(), undecoded.position(), undecoded.remaining());
            ended = read < 0;
            undecoded.position(undecoded.position() + Math.max(0, read));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        undecoded.flip();
    }

    private static DocumentFault fault(int line, String message) {
        return new DocumentFault(new DocumentException(line, message));
    }

    @Override
    public void close() {
        // Whoever opened the input reads on behind this document.
    }
}
