package dev.unroot.webhook;

import dev.unroot.common.FileDescriptors;
import dev.unroot.common.HeapShares;
import io.netty.util.internal.PlatformDependent;
import java.time.Duration;

/**
 * How much is taken on at once. Whoever reaches the port may ask, so nothing of what one asks for grows without bound.
 *
 * @param bodyBytes of one request. The API server takes objects of 3 MiB and a review carries two of them
 * @param headerArrival how long a header may take from its first byte to its end; API servers send it in one piece
 * @param bodyArrival how long a body may take to arrive, however long the review may then take
 * @param requests worked on at once, which begins when the body is there; more are told to come back in a second
 * @param bufferedBytes set aside for bodies at once, over all requests; likewise
 * @param connections open at once, whether or not their handshake is over. Where more come, those that have asked for
 *     nothing yet go first. An API server opens about as many as it handles requests, by default at most 600
 * @param connectionsOfOne of them from one address, so that one client cannot take them all
 */
public record Capacity(
        int bodyBytes,
        Duration headerArrival,
        Duration bodyArrival,
        int requests,
        long bufferedBytes,
        int connections,
        int connectionsOfOne) {
    private static final int MOST_CONNECTIONS = 8000;
    private static final int FEWEST_CONNECTIONS = 16;

    /** In bytes, of one that has sent as much of a header as it may: TLS, the header's fields. */
    static final int HEAP_PER_CONNECTION = 40 << 10;

    /** In bytes, of one that has sent as much of a TLS record, and of what follows on a request, as is read at once. */
    static final int DIRECT_PER_CONNECTION = 32 << 10;

    /** Open files that are not connections to the port: jars, watches, registries; at least so many, and one in ten. */
    private static final int OTHER_FILES = 200;

    /** What a cluster needs, and this process's memory and open files have room for. */
    static Capacity ofThisProcess() {
        return of(HeapShares.ofThisProcess(), PlatformDependent.maxDirectMemory(), FileDescriptors.limit());
    }

    /**
     * @param direct memory beside the heap that buffers may take, in bytes
     * @param files that may be open at once
     */
    static Capacity of(HeapShares heap, long direct, long files) {
        long byFiles = files - Math.max(OTHER_FILES, files / 10);
        long byMemory = Math.min(heap.connections() / HEAP_PER_CONNECTION, direct / DIRECT_PER_CONNECTION);
        int connections = (int) Math.max(FEWEST_CONNECTIONS, Math.min(MOST_CONNECTIONS, Math.min(byFiles, byMemory)));
        return new Capacity(
                8 << 20,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                2000,
                heap.bodies(),
                connections,
                Math.max(FEWEST_CONNECTIONS / 2, connections / 2));
    }
}
