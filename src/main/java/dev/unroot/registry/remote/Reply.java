package dev.unroot.registry.remote;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import io.vertx.core.http.HttpMethod;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of an answer, and its body yet to be read. Close it: an unread body holds its connection. */
final class Reply implements AutoCloseable {
    /** The rest of a body up to this size is received all the same: that is cheaper than a new connection. */
    private static final int WORTH_RECEIVING = 16 * 1024;

    private final Origin origin;
    private final BodyStream body;
    private final Errand errand;

    Reply(Origin origin, BodyStream body, Errand errand) {
        this.origin = origin;
        this.body = body;
        this.errand = errand;
    }

    /** Who answered. */
    Origin origin() {
        return origin;
    }

    int status() {
        return body.head().statusCode();
    }

    @Nullable
    String header(String name) {
        return body.head().getHeader(name);
    }

    List<String> headers(String name) {
        return body.head().headers().getAll(name);
    }

    BodyStream body() {
        return body;
    }

    Errand errand() {
        return errand;
    }

    /** What Content-Length says; -1 where it says nothing readable. */
    long length() {
        String length = header("Content-Length");
        return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : -1;
    }

    /**
     * The whole body, refused by its announced length where that is too long, and by counting in any case.
     *
     * @param room taken where the body is large
     */
    byte[] bytes(int limit, String what, LargeAnswers.Room room) {
        if (length() > limit) {
            throw tooLarge(limit, what);
        }
        byte[] bytes = beginning(limit, room);
        if (bytes.length == limit && body.read() >= 0) {
            throw tooLarge(limit, what);
        }
        return bytes;
    }

    /** The whole body where it is no longer than this, else that much of it. */
    byte[] beginning(int limit, LargeAnswers.Room room) {
        byte[] bytes = body.upTo(Math.min(limit, LargeAnswers.SMALL));
        if (bytes.length == LargeAnswers.SMALL && limit > LargeAnswers.SMALL) {
            room.take(errand);
            bytes = joined(bytes, body.upTo(limit - bytes.length));
        }
        return bytes;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** The same for bodies that are never large. */
    byte[] bytes(int limit, String what) {
        if (limit > LargeAnswers.SMALL) {
            throw new IllegalArgumentException("needs room");
        }
        return bytes(limit, what, new LargeAnswers(0).room());
    }

    LookupException tooLarge(long limit, String what) {
        return errand.failed(UnknownCause.TOO_LARGE, "sent " + what + " of more than " + limit + " bytes");
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
