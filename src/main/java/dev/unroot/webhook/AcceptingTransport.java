package dev.unroot.webhook;

import dev.unroot.common.FileDescriptors;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.spi.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plain sockets whose servers ask {@link Connections} before they take a connection on. Vert.x itself shows a connection
 * only once its handshake is over; until then nobody would count it.
 */
final class AcceptingTransport extends NioTransport {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptingTransport.class);

    /** What one read takes from a connection at most: a TLS record. Whoever sends more waits for its turn. */
    private static final RecvByteBufAllocator A_RECORD_AT_ONCE = new AdaptiveRecvByteBufAllocator(64, 2048, 16 << 10);

    /** In bytes, of what the kernel may hold for one connection before anybody reads it. */
    private static final int SOCKET_BUFFER = 64 << 10;

    private final ConcurrentMap<Integer, Connections> byPort = new ConcurrentHashMap<>();

    /** Of a Vertx from {@link WebhookServer#newVertx}. */
    static AcceptingTransport of(Vertx vertx) {
        if (((VertxInternal) vertx).transport() instanceof AcceptingTransport ours) {
            return ours;
        }
        throw new IllegalArgumentException("not a Vertx for servers: WebhookServer.newVertx() makes one");
    }

    /** As a builder of a Vertx takes it. */
    io.vertx.core.transport.Transport forVertx() {
        return new io.vertx.core.transport.Transport() {
            @Override
            public String name() {
                return "nio";
            }

            @Override
            public boolean available() {
                return true;
            }

            @Override
            public @Nullable Throwable unavailabilityCause() {
                return null;
            }

            @Override
            public Transport implementation() {
                return AcceptingTransport.this;
            }
        };
    }

    /** Whoever connects to this port from now on is counted there. */
    void count(int port, Connections connections) {
        byPort.put(port, connections);
    }

    private Connections at(int port) {
        return byPort.computeIfAbsent(
                port, unknown -> new Connections(Integer.MAX_VALUE, Integer.MAX_VALUE, new AtomicInteger(), () -> {}));
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return domainSocket ? super.serverChannelFactory(true) : Listening::new;
    }

    private final class Listening extends NioServerSocketChannel {
        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            Connections connections = at(localAddress().getPort());
            SocketChannel socket = accept(connections);
            if (socket == null) {
                return 0;
            }
            // Netty closes a server for good over any exception but an IOException.
            try {
                NioSocketChannel channel = new NioSocketChannel(this, socket);
                channel.config().setRecvByteBufAllocator(A_RECORD_AT_ONCE);
                if (!connections.accept(channel)) {
                    channel.unsafe().closeForcibly();
                    return 0;
                }
                accepted.add(channel);
                return 1;
            } catch (RuntimeException broken) {
                LOG.debug("a connection was broken as soon as it was accepted", broken);
                socket.close();
                return 0;
            }
        }

        private @Nullable SocketChannel accept(Connections connections) throws IOException {
            try {
                return javaChannel().accept();
            } catch (IOException e) {
                if (FileDescriptors.exhausted(e)) {
                    connections.outOfFiles();
                }
                throw e;
            }
        }

        @Override
        protected void doBind(SocketAddress localAddress) throws Exception {
            // Sockets that it accepts begin with the same.
            config().setReceiveBufferSize(SOCKET_BUFFER);
            super.doBind(localAddress);
        }
    }
}
