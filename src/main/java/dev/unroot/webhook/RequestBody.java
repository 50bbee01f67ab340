package dev.unroot.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body as it arrives, within bounds. Room for what was announced is counted at once, so that those who have it can be
 * received to their end; memory is taken as the bytes come. One that is announced as too large is refused at once; of any other
 * the rest is read and thrown away: a client that is still writing would not see an answer before.
 */
final class RequestBody {
    private static final int FIRST = 16 << 10;
    /** How many times the largest body is thrown away before the client is cut off. */
    private static final int PATIENCE = 8;

    private static final int UNKNOWN = Integer.MAX_VALUE;

    private final int largest;
    private final InFlight inFlight;
    private final ClientAddress peer;
    private byte[] bytes = new byte[0];
    private int length;
    private long received;
    private int announced = UNKNOWN;
    private long held;
    private boolean hopeless;
    private @Nullable Refusal refusal;

    RequestBody(int largest, InFlight inFlight, ClientAddress peer) {
        this.largest = largest;
        this.inFlight = inFlight;
        this.peer = peer;
    }

    /** Why the body is not taken. */
    record Refusal(int code, String sentence) {}

    /** Looks at the length in the request's head, where there is one. */
    void announce(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (header == null) {
            return;
        }
        // The HTTP decoder lets digits through only.
        long bytesToCome = header.length() > 18 ? Long.MAX_VALUE : Long.parseLong(header);
        if (bytesToCome > largest) {
            refusal = tooLarge();
            hopeless = true;
            return;
        }
        announced = (int) bytesToCome;
        if (!hold(announced)) {
            refusal = noRoom();
            // It has not been sent yet.
            hopeless = request.getHeader(HttpHeaders.EXPECT) != null;
        }
    }

    private boolean hold(int more) {
        boolean room = inFlight.hold(peer, more);
        held += room ? more : 0;
        return room;
    }

    private static Refusal noRoom() {
        return new Refusal(503, "Unroot holds as much in memory as it may.");
    }

    void receive(Buffer chunk) {
        received += chunk.length();
        if (refusal == null && received > largest) {
            refusal = tooLarge();
        }
        if (refusal == null) {
            if (grow(length + chunk.length())) {
                chunk.getBytes(bytes, length);
                length += chunk.length();
                return;
            }
            refusal = noRoom();
        }
        discard();
        hopeless |= received > (long) largest * PATIENCE;
    }

    private Refusal tooLarge() {
        return new Refusal(413, "The body is larger than " + largest + " bytes, which no API server sends.");
    }

    /**
     * Makes room for so many bytes in all. An announced body has been counted; of one in chunks both copies count while it
     * grows.
     *
     * @return false where there is no room for it
     */
    private boolean grow(int end) {
        if (end <= bytes.length) {
            return true;
        }
        int size = Math.max(end, Math.min(Math.max(FIRST, bytes.length * 2), Math.min(announced, largest)));
        int before = bytes.length;
        boolean counted = end <= announced && announced != UNKNOWN;
        if (!counted && !hold(size)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, size);
        if (!counted) {
            inFlight.release(peer, before);
            held -= before;
        }
        return true;
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

    /** Forgets the bytes. They count as held until they are released: what was read from them may be as large. */
    void discard() {
        bytes = new byte[0];
        length = 0;
    }

    /** To be called once, when nothing that was read from it is needed any more. */
    void release() {
        discard();
        inFlight.release(peer, held);
    }
}
