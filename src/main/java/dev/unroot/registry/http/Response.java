package dev.unroot.registry.http;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.LookupMemory;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RequestContext;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of an answer, and its body yet to be read. Close it: an unread body holds its connection. */
public final class Response implements AutoCloseable {
    /** The rest of a body up to this size is received all the same: that is cheaper than a new connection. */
    private static final int WORTH_RECEIVING = 16 * 1024;

    private final Origin origin;
    private final BodyStream body;
    private final RequestContext context;

    Response(Origin origin, BodyStream body, RequestContext context) {
        this.origin = origin;
        this.body = body;
        this.context = context;
    }

    /** Who answered. */
    public Origin origin() {
        return origin;
    }

    public int status() {
        return body.head().statusCode();
    }

    @Nullable
    public String header(String name) {
        return body.head().getHeader(name);
    }

    public List<String> headers(String name) {
        return body.head().headers().getAll(name);
    }

    public BodyStream body() {
        return body;
    }

    public RequestContext context() {
        return context;
    }

    /** What Content-Length says; -1 where it says nothing readable. */
    public long length() {
        String length = header("Content-Length");
        return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : -1;
    }

    /**
     * The whole body, refused by its announced length where that is too long, and by counting in any case.
     *
     * @param room taken where the body is large
     */
    public byte[] bytes(int limit, String what, LookupMemory.Room room) {
        int most = Math.min(limit, LookupMemory.shared().largestAnswer());
        byte[] bytes = length() > most ? null : within(most, room);
        if (bytes == null) {
            throw tooLarge(most, what);
        }
        return bytes;
    }

    /** The whole body; null where it is longer than this. */
    public byte @Nullable [] within(int limit, LookupMemory.Room room) {
        byte[] small = body.upTo(Math.min(limit, LookupMemory.SMALL_ANSWER));
        if (small.length == LookupMemory.SMALL_ANSWER && limit > LookupMemory.SMALL_ANSWER) {
            room.answer(length() < 0 ? limit : Math.min(limit, length()));
            return body.whole(small, limit);
        }
        return small.length == limit && body.read() >= 0 ? null : small;
    }

    /** The same for bodies that are never large. */
    public byte[] bytes(int limit, String what) {
        if (limit > LookupMemory.SMALL_ANSWER) {
            throw new IllegalArgumentException("needs room");
        }
        return bytes(limit, what, LookupMemory.shared().room("", this, Runnable::run));
    }

    LookupException tooLarge(long limit, String what) {
        return context.failed(UnknownCause.TOO_LARGE, "sent " + what + " of more than " + limit + " bytes");
    }

    @Override
    public void close() {
        boolean cheap = length() >= 0 && length() <= WORTH_RECEIVING;
        if (cheap || HttpMethod.HEAD.equals(body.head().request().getMethod())) {
            body.receiveTheRest();
        } else {
            body.close();
        }
    }
}
