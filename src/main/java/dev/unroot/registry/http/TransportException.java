package dev.unroot.registry.http;

import dev.unroot.certificate.TlsFailure;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.Remedies;
import dev.unroot.registry.place.ProxyServer;
import dev.unroot.registry.place.RequestContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What went wrong below HTTP, told without a word that came from the other end. */
public final class TransportException extends Exception {
    private static final long serialVersionUID = 1L;
    /** As Netty's HttpProxyHandler has it in its message, after all that we must not repeat. */
    private static final Pattern STATUS = Pattern.compile("status: ([1-5][0-9][0-9])\\b");

    private static final String NOT_PROVEN = "could not prove by TLS who it is";
    private static final String NO_TALK = "could not be talked to";

    private final UnknownCause unknownCause;
    private final String what;
    private final boolean connected;
    private final boolean closed;
    private final boolean proxys;

    private TransportException(
            UnknownCause unknownCause, String what, boolean connected, boolean closed, Throwable cause) {
        this(unknownCause, what, connected, closed, false, cause);
    }

    private TransportException(
            UnknownCause unknownCause,
            String what,
            boolean connected,
            boolean closed,
            boolean proxys,
            @Nullable Throwable cause) {
        super(what, cause);
        this.unknownCause = unknownCause;
        this.what = what;
        this.connected = connected;
        this.closed = closed;
        this.proxys = proxys;
    }

    /** @param connected whether a connection had been made, so that another address would do no better */
    public static TransportException of(Throwable failure, boolean connected) {
        if (has(SslHandshakeTimeoutException.class, failure)) {
            return new TransportException(UnknownCause.TIMEOUT, "did not answer in time", connected, false, failure);
        }
        if (TlsFailure.in(failure, true) != null) {
            return new TransportException(UnknownCause.TLS, NOT_PROVEN, connected, false, failure);
        }
        if (failure instanceof ProxyConnectException) {
            return new TransportException(UnknownCause.UNREACHABLE, "could not be reached", true, false, failure);
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            boolean slow = failure instanceof io.netty.channel.ConnectTimeoutException;
            return slow
                    ? new TransportException(UnknownCause.TIMEOUT, "did not answer in time", false, false, failure)
                    : new TransportException(UnknownCause.UNREACHABLE, "could not be reached", false, false, failure);
        }
        if (failure instanceof TimeoutException) {
            return new TransportException(UnknownCause.TIMEOUT, "did not answer in time", connected, false, failure);
        }
        if (failure instanceof TooLongHttpHeaderException || failure instanceof TooLongHttpLineException) {
            return new TransportException(
                    UnknownCause.TOO_LARGE, "sent headers that are too long", true, false, failure);
        }
        if (failure instanceof DecoderException || failure instanceof IllegalArgumentException) {
            return new TransportException(UnknownCause.MALFORMED, "did not answer in HTTP", true, false, failure);
        }
        if (failure instanceof ConnectionPoolTooBusyException) {
            return new TransportException(
                    UnknownCause.UNREACHABLE, "has too many requests waiting", true, false, failure);
        }
        boolean closed = failure instanceof HttpClosedException
                || failure instanceof StreamResetException
                || failure instanceof java.io.IOException;
        return new TransportException(
                UnknownCause.UNREACHABLE,
                closed ? "closed the connection" : "could not be reached",
                connected,
                closed && connected,
                failure);
    }

    /** An answer in plain HTTP that says that TLS is what is spoken. */
    static TransportException tlsOnly() {
        return new TransportException(UnknownCause.TLS, NO_TALK, true, false, new ConnectException());
    }

    /** A proxy's refusal by a status of its own. */
    static TransportException ofProxy(ProxyServer proxy, int status) {
        return aboutProxy(UnknownCause.UNREACHABLE, proxy, " answered " + status, true, new ConnectException());
    }

    /** The same of a request that went to a proxy: until that has made a connection, whatever fails is the proxy's failure. */
    TransportException through(ProxyServer proxy) {
        Throwable cause = getCause();
        if (cause instanceof ProxyConnectException) {
            Matcher status = STATUS.matcher(String.valueOf(cause.getMessage()));
            String what = status.find() ? " answered " + status.group(1) : " did not make the connection";
            return aboutProxy(UnknownCause.UNREACHABLE, proxy, what, true, cause);
        }
        if (connected || !(cause instanceof ConnectException || cause instanceof NoRouteToHostException)) {
            return this;
        }
        return unknownCause == UnknownCause.TIMEOUT
                ? aboutProxy(unknownCause, proxy, " did not answer in time", false, cause)
                : aboutProxy(unknownCause, proxy, " could not be reached", false, cause);
    }

    /** Of what a proxy says nothing but a status is told: it may quote our credentials. */
    private static TransportException aboutProxy(
            UnknownCause unknownCause, ProxyServer proxy, String what, boolean connected, @Nullable Throwable cause) {
        return new TransportException(unknownCause, "the proxy at " + proxy + what, connected, false, true, cause);
    }

    /** As the reason of a lookup's failure. */
    public LookupException toFailure(RequestContext context) {
        return toFailure(context, true);
    }

    /** @param showsCertificate whether a client certificate is configured for whom it is about */
    public LookupException toFailure(RequestContext context, boolean showsCertificate) {
        if (unknownCause == UnknownCause.TLS) {
            TlsFailure tls = tls(showsCertificate);
            return context.failed(unknownCause, tls.kind().isOfCertificate() ? NOT_PROVEN : NO_TALK)
                    .withMore(": " + tls.clause())
                    .advising(TlsRemedies.of(tls.kind()));
        }
        LookupException told = proxys ? context.notAsked(unknownCause, what) : context.failed(unknownCause, what);
        return unknownCause == UnknownCause.MALFORMED ? told.advising(Remedies.NO_REGISTRY) : told;
    }

    private TlsFailure tls(boolean showsCertificate) {
        Throwable cause = getCause() == null ? this : getCause();
        if (has(NotSslRecordException.class, cause)) {
            return TlsFailure.of(TlsFailure.Kind.NO_TLS);
        }
        TlsFailure found = TlsFailure.in(cause, showsCertificate);
        return found == null ? TlsFailure.of(TlsFailure.Kind.TLS_ONLY) : found;
    }

    private static boolean has(Class<? extends Throwable> type, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
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

    /** Whether no connection was made, for no reason of ours: the next would fare no better. */
    boolean isUnreached() {
        return !connected && (getCause() instanceof ConnectException || getCause() instanceof NoRouteToHostException);
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
