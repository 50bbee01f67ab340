package dev.unroot.webhook;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/** A connection from the moment it is accepted, before TLS has even begun. Its event loop writes, others may read. */
final class OpenConnection {
    private static final AttributeKey<OpenConnection> KEY = AttributeKey.valueOf(OpenConnection.class, "accepted");

    private final Channel channel;
    private final ClientAddress peer;
    private final Connections connections;
    private boolean proven;
    /** A whole request is there and not yet answered. */
    private volatile boolean working;

    private volatile long lastUse = System.nanoTime();

    OpenConnection(Channel channel, ClientAddress peer, Connections connections) {
        this.channel = channel;
        this.peer = peer;
        this.connections = connections;
        channel.attr(KEY).set(this);
    }

    /** Of what Vert.x calls a connection. */
    static OpenConnection of(HttpConnection connection) {
        return of(((HttpServerConnection) connection).channelHandlerContext().channel());
    }

    static OpenConnection of(Channel channel) {
        OpenConnection accepted = channel.attr(KEY).get();
        if (accepted == null) {
            throw new IllegalStateException("a connection that no AcceptingTransport accepted");
        }
        return accepted;
    }

    ClientAddress peer() {
        return peer;
    }

    /** A request has come in whole. */
    void received() {
        working = true;
        if (!proven) {
            proven = true;
            connections.proved(this);
        }
    }

    void answered() {
        lastUse = System.nanoTime();
        working = false;
    }

    boolean isWorking() {
        return working;
    }

    /** Since the last answer went out, or else since it was accepted. */
    long idleNanoseconds() {
        return System.nanoTime() - lastUse;
    }

    /** False for the moment between its acceptance and its first turn on an event loop, which is no time to close it. */
    boolean isRegistered() {
        return channel.isRegistered();
    }

    void close() {
        channel.close();
    }
}
