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
    private static final int CONNECT_MILLISECONDS = 1_000;
    private static final int BACKLOG = 500;

    private final ServerSocket listener;
    private final List<Integer> replicas = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "relay");
        thread.setDaemon(true);
        return thread;
    });

    Relay() throws IOException {
        listener = new ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1"));
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** @param port of a replica, on 127.0.0.1 */
    void add(int port) {
        replicas.add(port);
    }

    /** New connections no longer go there. */
    void remove(int port) {
        replicas.remove(Integer.valueOf(port));
    }

    /** How many connections to a replica are open. */
    long connections(int port) {
        return open.stream().filter(socket -> socket.getPort() == port).count();
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
        List<Integer> now = List.copyOf(replicas);
        int first = Math.floorMod(next.getAndIncrement(), Math.max(1, now.size()));
        for (int i = 0; i < now.size(); i++) {
            Socket socket = new Socket();
            try {
                socket.connect(
                        new InetSocketAddress("127.0.0.1", now.get((first + i) % now.size())), CONNECT_MILLISECONDS);
                return socket;
            } catch (IOException refused) {
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

    /** Ends every connection too. */
    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdown();
        open.forEach(this::end);
    }
}
