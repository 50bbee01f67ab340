package dev.unroot.webhook;

import dev.unroot.common.FileDescriptors;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the open connections of one port from their acceptance on, in all and by address. Where there are too many, the
 * one that deserves its place least is closed: the oldest that has not sent a whole request yet, whether it is slow with
 * its handshake, its header or its body; else the one that has been idle for the longest, of the address that has most.
 * Where every one of them waits for an answer, the new one is closed. Thread-safe.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long SILENCE_NANOSECONDS = 60_000_000_000L;

    private final int most;
    private final int mostOfOne;
    private final AtomicInteger count;
    private final Runnable refused;
    private final Map<String, ClientAddress> peers = new HashMap<>();
    private final Set<OpenConnection> unproven = new LinkedHashSet<>();
    private long toldAt = System.nanoTime() - SILENCE_NANOSECONDS;

    /**
     * @param most connections at once
     * @param mostOfOne of them from one address
     * @param count kept as the number of open ones
     * @param refused called for each that is closed because there are too many
     */
    Connections(int most, int mostOfOne, AtomicInteger count, Runnable refused) {
        this.most = most;
        this.mostOfOne = mostOfOne;
        this.count = count;
        this.refused = refused;
    }

    /** Makes room for a connection, and counts it until it is closed; false where there is no room for it. */
    synchronized boolean accept(Channel channel) {
        String address = address(channel.remoteAddress());
        ClientAddress peer = peers.computeIfAbsent(address, ClientAddress::new);
        boolean full = false;
        if (peer.open().size() >= mostOfOne) {
            full = !evict(first(peer.unproven()), peer);
        } else if (count.get() >= most) {
            full = !evict(first(unproven), largest());
        }
        if (full) {
            refused.run();
            tell(address);
            forgetIfGone(peer);
            return false;
        }
        // Whoever was sent away may have been the last one of this very address.
        peers.putIfAbsent(address, peer);
        OpenConnection connection = new OpenConnection(channel, peer, this);
        peer.open().add(connection);
        peer.unproven().add(connection);
        unproven.add(connection);
        count.incrementAndGet();
        channel.closeFuture().addListener(closed -> leave(connection));
        return true;
    }

    private static String address(@Nullable SocketAddress remote) {
        return remote instanceof InetSocketAddress internet && internet.getAddress() != null
                ? internet.getAddress().getHostAddress()
                : "";
    }

    private static @Nullable OpenConnection first(Set<OpenConnection> connections) {
        return connections.stream()
                .filter(OpenConnection::isRegistered)
                .findFirst()
                .orElse(null);
    }

    private @Nullable ClientAddress largest() {
        return peers.values().stream()
                .max(Comparator.comparingInt(peer -> peer.open().size()))
                .orElse(null);
    }

    /** @return false where there is none to send away */
    private boolean evict(@Nullable OpenConnection oldestUnproven, @Nullable ClientAddress otherwise) {
        OpenConnection least = oldestUnproven;
        if (least == null && otherwise != null) {
            least = otherwise.open().stream()
                    .filter(connection -> connection.isRegistered() && !connection.isWorking())
                    .max(Comparator.comparingLong(OpenConnection::idleNanoseconds))
                    .orElse(null);
        }
        if (least == null) {
            return false;
        }
        refused.run();
        tell(least.peer().address());
        leave(least);
        least.close();
        return true;
    }

    /** A whole request has come from it. */
    synchronized void proved(OpenConnection connection) {
        unproven.remove(connection);
        connection.peer().unproven().remove(connection);
    }

    private synchronized void leave(OpenConnection connection) {
        ClientAddress peer = connection.peer();
        if (peer.open().remove(connection)) {
            unproven.remove(connection);
            peer.unproven().remove(connection);
            count.decrementAndGet();
            forgetIfGone(peer);
        }
    }

    private void forgetIfGone(ClientAddress peer) {
        if (peer.open().isEmpty()) {
            peers.remove(peer.address(), peer);
        }
    }

    /** Once a minute: it may happen a thousand times a second. */
    private void tell(String address) {
        if (mayTell()) {
            LOG.warn(
                    "a connection from {} was closed: {} are open, of which one address may have {} and all {} "
                            + "(this process may open {} files: ulimit -n)",
                    address,
                    count.get(),
                    mostOfOne,
                    most,
                    FileDescriptors.limit());
        }
    }

    /** No connection can be accepted: what else is open has used them up. */
    synchronized void outOfFiles() {
        if (mayTell()) {
            LOG.error(
                    "no connection can be accepted: this process has all {} files open that it may (ulimit -n), {} of them "
                            + "connections. Raise the limit.",
                    FileDescriptors.limit(),
                    count.get());
        }
    }

    private boolean mayTell() {
        long now = System.nanoTime();
        if (now - toldAt < SILENCE_NANOSECONDS) {
            return false;
        }
        toldAt = now;
        return true;
    }
}
