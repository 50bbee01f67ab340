package dev.unroot.webhook;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/** A body as it arrives. Grows with what has come, not with what was announced. */
final class Body {
    private static final int FIRST = 16 << 10;

    private byte[] bytes = new byte[0];
    private int length;

    void append(Buffer chunk) {
        int end = Math.addExact(length, chunk.length());
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, Math.max(FIRST, bytes.length * 2)));
        }
        chunk.getBytes(bytes, length);
        length = end;
    }

    /** Longer than the body: {@link #length} says how much of it counts. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void discard() {
        bytes = new byte[0];
        length = 0;
    }
}
