package dev.unroot;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on 127.0.0.1. */
public final class Ports {
    private static final int CONNECT_MILLISECONDS = 200;
    private static final Path EPHEMERAL = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final int FIRST = 10_000;
    private static final int ATTEMPTS = 1_000;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private Ports() {}

    /**
     * One that nobody listens on, and that was not given before. It is none of those that the system chooses by itself for
     * servers and connections: nobody comes by it until a server has started there, nor while that is stopped for a while.
     */
    public static int free() throws IOException {
        int end = firstEphemeral();
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, end);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new IOException("no port between " + FIRST + " and " + end + " is free");
    }

    private static int firstEphemeral() throws IOException {
        byte[] range = new byte[100];
        int length;
        // Such a file gives all it has to the first read, and nothing to a second one.
        try (InputStream in = Files.newInputStream(EPHEMERAL)) {
            length = in.read(range);
        }
        String first = new String(range, 0, length, US_ASCII).strip().split("\\s+", -1)[0];
        // Where almost all are, there is no better choice than one of them.
        return Math.max(Integer.parseInt(first), FIRST + ATTEMPTS);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), CONNECT_MILLISECONDS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
