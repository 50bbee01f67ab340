package dev.unroot.registry.http;

import dev.unroot.registry.LookupException;
import dev.unroot.registry.place.RequestContext;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, handed from the event loop to the worker that reads it. No more than a few chunks are ever
 * waiting: the other end is held back until the reader has taken them. Closed before its end has come, it closes the
 * connection rather than receive what nobody wants; closed after that, it leaves the connection alone, which may long be
 * another request's.
 *
 * <p>A read that fails throws a {@link LookupException}, never an IOException: that would be a fault of the content.
 */
public final class BodyStream extends InputStream {
    /** Chunks that may wait, of at most 8 KiB each. */
    private static final int WINDOW = 8;

    private static final int PIECE = 64 * 1024;

    private static final int REST_SECONDS = 1;

    private static final Object END = new Object();

    private final Context loop;
    private final HttpClientResponse response;
    private final RequestContext context;
    private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private byte[] chunk = new byte[0];
    private int position;
    private boolean ended;
    private @Nullable LookupException failure;
    /** Whether all of it has come, or will never come. Seen on the event loop alone, as the next. */
    private boolean over;

    private boolean unwanted;

    /** Called on the event loop with the response paused. */
    BodyStream(Context loop, HttpClientResponse response, RequestContext context) {
        this.loop = loop;
        this.response = response;
        this.context = context;
        response.exceptionHandler(this::last);
        response.endHandler(nothing -> last(END));
        response.handler(this::receive);
        response.fetch(WINDOW);
    }

    private void receive(Buffer buffer) {
        if (!unwanted) {
            received.add(buffer);
        }
    }

    private void last(Object event) {
        over = true;
        received.add(event);
    }

    HttpClientResponse head() {
        return response;
    }

    @Override
    public int read() {
        return available() > 0 || next() ? chunk[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (available() == 0 && !next()) {
            return -1;
        }
        int count = Math.min(length, available());
        System.arraycopy(chunk, position, into, offset, count);
        position += count;
        return count;
    }

    /** As readNBytes, without a checked exception that never comes. */
    byte[] upTo(int limit) {
        List<byte[]> pieces = new ArrayList<>();
        return joined(pieces, receive(pieces, limit));
    }

    /**
     * All of it, after what was received of it already.
     *
     * @return null where it is longer than the limit; nothing of that size is made then
     */
    byte @Nullable [] whole(byte[] before, int limit) {
        List<byte[]> pieces = new ArrayList<>();
        pieces.add(before);
        int total = before.length + receive(pieces, limit - before.length);
        return total == limit && read() >= 0 ? null : joined(pieces, total);
    }

    /** @return how many bytes, which the limit may have cut off */
    private int receive(List<byte[]> pieces, int limit) {
        int total = 0;
        while (total < limit && (available() > 0 || next())) {
            byte[] piece = new byte[Math.min(PIECE, limit - total)];
            int filled = fill(piece);
            pieces.add(filled == piece.length ? piece : Arrays.copyOf(piece, filled));
            total += filled;
        }
        return total;
    }

    private static byte[] joined(List<byte[]> pieces, int total) {
        byte[] all = new byte[total];
        int end = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, all, end, piece.length);
            end += piece.length;
        }
        return all;
    }

    private int fill(byte[] piece) {
        int filled = 0;
        while (filled < piece.length && (available() > 0 || next())) {
            filled += read(piece, filled, piece.length - filled);
        }
        return filled;
    }

    @Override
    public int available() {
        return chunk.length - position;
    }

    /** Waits for a chunk that is not empty; false at the end. */
    private boolean next() {
        if (failure != null) {
            throw failure;
        }
        while (!ended && available() == 0) {
            Object event = await();
            if (event instanceof Buffer buffer) {
                chunk = buffer.getBytes();
                position = 0;
                response.fetch(1);
            } else if (event == END) {
                ended = true;
            } else {
                throw fail(broken((Throwable) event));
            }
        }
        return available() > 0;
    }

    private Object await() {
        try {
            return context.deadline().take(received);
        } catch (TimeoutException e) {
            throw fail(context.timedOut());
        }
    }

    private LookupException broken(Throwable cause) {
        TransportException below = TransportException.of(cause, true);
        return context.failed(below.unknownCause(), below.what() + " in the middle of its answer");
    }

    private LookupException fail(LookupException cause) {
        failure = cause;
        abandon();
        return cause;
    }

    /** Nothing is done where the end was reached: the connection is then free for the next request. */
    @Override
    public void close() {
        if (!ended) {
            abandon();
        }
    }

    /** Lets the rest come while nobody waits for it, so that the connection can be used again; not for long. */
    void receiveTheRest() {
        if (!ended) {
            ended = true;
            onLoop(() -> {
                drop();
                onLoop(this::waitForTheRest);
            });
        }
    }

    private void waitForTheRest() {
        if (!over) {
            loop.owner().setTimer(TimeUnit.SECONDS.toMillis(REST_SECONDS), late -> resetUnlessOver());
        }
    }

    /** What has come already is let through first, and with it the end where that has come: then nothing is to be ended. */
    private void abandon() {
        ended = true;
        onLoop(() -> {
            drop();
            onLoop(this::resetUnlessOver);
        });
    }

    private void drop() {
        unwanted = true;
        response.resume();
    }

    private void resetUnlessOver() {
        if (!over) {
            response.request().reset();
        }
    }

    private void onLoop(Runnable step) {
        try {
            loop.runOnContext(nothing -> step.run());
        } catch (RejectedExecutionException closed) {
            // Nothing is under way any more.
        }
    }
}
