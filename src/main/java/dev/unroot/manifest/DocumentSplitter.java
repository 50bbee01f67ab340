package dev.unroot.manifest;

import dev.unroot.common.BlockInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Cuts an input where a line begins with {@code ---}, before anything is parsed: so one broken document cannot hide the
 * others. Nothing in valid YAML but such a marker can stand there.
 *
 * <p>It holds a few kilobytes of the input, however long that is. Itself it is the stream of the part it has come to, its
 * marker included.
 */
final class DocumentSplitter extends BlockInputStream {
    /** How much of a document that could not be read is passed over in search of the next, in bytes. */
    private static final long PATIENCE = 256L << 20;

    private static final int BUFFER = 64 << 10;
    /** A marker with what must stand behind it. */
    private static final int MARKER = 4;

    private final InputStream in;
    private final long patience;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] rest = new byte[BUFFER];
    private boolean started;
    private int at;
    private int end;
    private int line;
    private int firstLine = 1;
    private boolean lineBegins = true;
    private boolean partBegins;
    private boolean directives;

    /** @param in UTF-8 */
    DocumentSplitter(InputStream in) {
        this(in, PATIENCE);
    }

    DocumentSplitter(InputStream in, long patience) {
        this.in = in;
        this.patience = patience;
    }

    /**
     * Goes on to the next part, past what is left of this one.
     *
     * @return false at the end
     * @throws DocumentException where so much is left that the input may never end
     */
    boolean next() throws IOException, DocumentException {
        if (started) {
            passOver();
        }
        started = true;
        partBegins = true;
        firstLine = line + 1;
        return available(1);
    }

    private void passOver() throws IOException, DocumentException {
        long passed = 0;
        for (int read = read(rest, 0, BUFFER); read > 0; read = read(rest, 0, BUFFER)) {
            passed += read;
            if (passed > patience) {
                throw new DocumentException(
                        line, "no other document begins within " + (patience >> 20) + " MiB: nothing more was read");
            }
        }
    }

    /** The line that the part begins on, counted from 1 in the input. */
    int firstLine() {
        return firstLine;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int copied = 0;
        while (copied < length && available(1) && !(lineBegins && partEnds())) {
            int until = Math.min(end, at + length - copied);
            int from = at;
            while (at < until && !lineBegins) {
                lineBegins = buffer[at++] == '\n';
            }
            System.arraycopy(buffer, from, target, offset + copied, at - from);
            copied += at - from;
        }
        return copied == 0 && length > 0 ? -1 : copied;
    }

    /** At the beginning of a line: whether it belongs to the next part. Otherwise the line is begun. */
    private boolean partEnds() throws IOException {
        boolean marker = isMarker();
        if (marker && !directives && !partBegins) {
            return true;
        }
        // A %YAML line belongs to the document whose marker follows it.
        directives = (directives && !marker) || (buffer[at] == '%' && partBegins);
        partBegins = false;
        lineBegins = false;
        line++;
        return false;
    }

    private boolean isMarker() throws IOException {
        boolean whole = available(MARKER);
        boolean dashes = available(MARKER - 1) && buffer[at] == '-' && buffer[at + 1] == '-' && buffer[at + 2] == '-';
        return dashes && (!whole || isBlank(buffer[at + 3]));
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /** Whether so many bytes are left; then they are in the buffer. */
    private boolean available(int count) throws IOException {
        while (end - at < count) {
            if (BUFFER - at < count) {
                System.arraycopy(buffer, at, buffer, 0, end - at);
                end -= at;
                at = 0;
            } else if (at == end) {
                at = 0;
                end = 0;
            }
            int read = in.read(buffer, end, BUFFER - end);
            if (read < 0) {
                return false;
            }
            end += read;
        }
        return true;
    }
}
