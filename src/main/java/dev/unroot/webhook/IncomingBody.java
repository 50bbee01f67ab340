package dev.unroot.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body as it arrives, within bounds. It grows with what has come, not with what was announced. Once it is refused, the
 * rest is read and thrown away: a client that is still writing would not see an answer before.
 */
final class IncomingBody {
    private static final int FIRST = 16 << 10;
    /** How many times the largest body is thrown away before the client is cut off. */
    private static final int PATIENCE = 8;

    private final int largest;
    private final InFlight inFlight;
    private byte[] bytes = new byte[0];
    private int length;
    private long received;
    private long held;
    private boolean hopeless;
    private @Nullable Refusal refusal;

    IncomingBody(int largest, InFlight inFlight) {
        this.largest = largest;
        this.inFlight = inFlight;
    }

    /** Why the body is not taken. */
    record Refusal(int code, String sentence) {}

    /** Looks at the length in the request's head, where there is one. */
    void announce(HttpServerRequest request) {
        String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced == null) {
            return;
        }
        // The HTTP decoder lets digits through only.
        long bytesToCome = announced.length() > 18 ? Long.MAX_VALUE : Long.parseLong(announced);
        if (bytesToCome > largest) {
            refusal = tooLarge();
            hopeless = bytesToCome > (long) largest * PATIENCE || request.getHeader(HttpHeaders.EXPECT) != null;
        }
    }

    void receive(Buffer chunk) {
        received += chunk.length();
        if (refusal == null && received > largest) {
            refusal = tooLarge();
        }
        if (refusal == null) {
            if (inFlight.hold(chunk.length())) {
                held += chunk.length();
                append(chunk);
                return;
            }
            refusal = new Refusal(503, "Unroot holds as much in memory as it may.");
        }
        discard();
        hopeless |= received > (long) largest * PATIENCE;
    }

    private Refusal tooLarge() {
        return new Refusal(413, "The body is larger than " + largest + " bytes, which no API server sends.");
    }

    private void append(Buffer chunk) {
        int end = length + chunk.length();
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, Math.max(FIRST, bytes.length * 2)));
        }
        chunk.getBytes(bytes, length);
        length = end;
    }

    /** Why the body is not taken; null as long as it is. */
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /** True where the rest of a refused body is not worth waiting for. */
    boolean isHopeless() {
        return hopeless;
    }

    /** Longer than the body: {@link #length} says how much of it counts. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Forgets the bytes. They count as held until they are released. */
    void discard() {
        bytes = new byte[0];
        length = 0;
    }

    /** For {@link InFlight#release}. */
    long held() {
        return held;
    }
}
