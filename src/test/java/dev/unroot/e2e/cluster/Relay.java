package dev.unroot.e2e.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Plays kube-proxy: a port in front of replicas, each new connection going to the next one. Like kube-proxy it works on
 * connections, not requests, and leaves open ones alone when a replica is taken out. Unlike it, a replica that refuses
 * is passed over for the next.
 */
final class Relay implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int CONNECT_MILLISECONDS = 1_000;
    private static final int BACKLOG = 500;

    private final ServerSocket listener;
    private final List<InetSocketAddress> replicas = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Integer> made = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        return thread;
    });

    /** On a free port of 127.0.0.1. */
    Relay() throws IOException {
        this(LOOPBACK, 0);
    }

    /** @param port 0 for a free one */
    Relay(String address, int port) throws IOException {
        listener = new ServerSocket(port, BACKLOG, InetAddress.getByName(address));
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** @param port of a replica, on 127.0.0.1 */
    void add(int port) {
        replicas.add(new InetSocketAddress(LOOPBACK, port));
    }

    /** New connections no longer go there. */
    void remove(int port) {
        replicas.remove(new InetSocketAddress(LOOPBACK, port));
    }

    /** New connections go to these and nobody else. */
    void set(List<InetSocketAddress> addresses) {
        replicas.addAll(addresses.stream()
                .filter(address -> !replicas.contains(address))
                .toList());
        replicas.retainAll(addresses);
    }

    /** How many connections to a replica are open. */
    long connections(int port) {
        return open.stream().filter(socket -> socket.getPort() == port).count();
    }

    /** How many there have ever been. */
    int connectionsMade(int port) {
        return made.getOrDefault(port, 0);
    }

    /** How many connections a replica did not take, and another one did or none: kube-proxy would have failed the caller. */
    int refusals() {
        return refused.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket caller = listener.accept();
                open.add(caller);
                threads.execute(() -> connect(caller));
            } catch (IOException | RejectedExecutionException closed) {
                // The loop's condition says whether that was all.
            }
        }
    }

    private void connect(Socket caller) {
        try {
            Socket replica = nextReplica();
            if (replica == null) {
                end(caller);
                return;
            }
            open.add(replica);
            made.merge(replica.getPort(), 1, Integer::sum);
            caller.setTcpNoDelay(true);
            replica.setTcpNoDelay(true);
            threads.execute(() -> pump(caller, replica));
            pump(replica, caller);
        } catch (IOException | RejectedExecutionException e) {
            end(caller);
        }
    }

    /** The next that accepts; null where none does. */
    private Socket nextReplica() {
        List<InetSocketAddress> now = List.copyOf(replicas);
        int first = Math.floorMod(next.getAndIncrement(), Math.max(1, now.size()));
        for (int i = 0; i < now.size(); i++) {
            Socket socket = new Socket();
            try {
                socket.connect(now.get((first + i) % now.size()), CONNECT_MILLISECONDS);
                return socket;
            } catch (IOException e) {
                refused.incrementAndGet();
                end(socket);
            }
        }
        return null;
    }

    /** Copies until one side ends, then lets the other side know. */
    private void pump(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
            to.shutdownOutput();
            if (from.isOutputShutdown()) {
                end(from);
                end(to);
            }
        } catch (IOException broken) {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Accepts no more connections, and leaves open ones alone. */
    void stopListening() throws IOException {
        listener.close();
    }

    /** Ends every connection too. */
    @Override
    public void close() throws IOException {
        stopListening();
        threads.shutdown();
        open.forEach(this::end);
    }
}
