package dev.unroot.registry.remote;

import dev.unroot.model.UnknownCause;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What went wrong below HTTP, told without a word that came from the other end. */
final class WireException extends Exception {
    private static final long serialVersionUID = 1L;

    private final UnknownCause unknownCause;
    private final String what;
    private final boolean connected;
    private final boolean closed;

    private WireException(UnknownCause unknownCause, String what, boolean connected, boolean closed, Throwable cause) {
        super(what, cause);
        this.unknownCause = unknownCause;
        this.what = what;
        this.connected = connected;
        this.closed = closed;
    }

    /** @param connected whether a connection had been made, so that another address would do no better */
    static WireException of(Throwable failure, boolean connected) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
                return new WireException(
                        UnknownCause.TLS, "could not prove by TLS who it is", connected, false, failure);
            }
        }
        if (failure instanceof ProxyConnectException) {
            return ofProxy();
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            boolean slow = failure instanceof io.netty.channel.ConnectTimeoutException;
            return slow
                    ? new WireException(UnknownCause.TIMEOUT, "did not answer in time", false, false, failure)
                    : new WireException(UnknownCause.UNREACHABLE, "could not be reached", false, false, failure);
        }
        if (failure instanceof TimeoutException) {
            return new WireException(UnknownCause.TIMEOUT, "did not answer in time", connected, false, failure);
        }
        if (failure instanceof TooLongHttpHeaderException || failure instanceof TooLongHttpLineException) {
            return new WireException(UnknownCause.TOO_LARGE, "sent headers that are too long", true, false, failure);
        }
        if (failure instanceof DecoderException || failure instanceof IllegalArgumentException) {
            return new WireException(UnknownCause.MALFORMED, "did not answer in HTTP", true, false, failure);
        }
        if (failure instanceof ConnectionPoolTooBusyException) {
            return new WireException(UnknownCause.UNREACHABLE, "has too many requests waiting", true, false, failure);
        }
        boolean closed = failure instanceof HttpClosedException
                || failure instanceof StreamResetException
                || failure instanceof java.io.IOException;
        return new WireException(
                UnknownCause.UNREACHABLE,
                closed ? "closed the connection" : "could not be reached",
                connected,
                closed && connected,
                failure);
    }

    /** The proxy was reached and did not let us through; what it said may quote our credentials and is not told. */
    static WireException ofProxy() {
        return new WireException(
                UnknownCause.UNREACHABLE,
                "could not be reached through the proxy",
                true,
                false,
                new ConnectException());
    }

    UnknownCause unknownCause() {
        return unknownCause;
    }

    /** Whether the other end may simply not speak TLS; not so where it showed a certificate. */
    boolean mayBePlain() {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneralSecurityException) {
                return false;
            }
        }
        return unknownCause == UnknownCause.TLS || unknownCause == UnknownCause.UNREACHABLE;
    }

    /** {@code closed the connection}. */
    String what() {
        return what;
    }

    boolean wasConnected() {
        return connected;
    }

    boolean wasClosedUnanswered() {
        return closed;
    }
}
