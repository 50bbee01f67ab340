package dev.unroot.webhook;

import java.time.Duration;

/**
 * How much is taken on at once. Whoever reaches the port may ask, so nothing of what one asks for grows without bound.
 *
 * @param bodyBytes of one request. The API server takes objects of 3 MiB and a review carries two of them
 * @param bodyArrival how long a body may take to arrive, however long the review may then take
 * @param requests worked on at once, which begins when the body is there; more are told to come back in a second
 * @param bufferedBytes bodies in memory at once, over all requests; likewise
 * @param connections open at once; more are closed. Each holds some 14 KB while nothing is said. An API server opens
 *     about as many as it handles requests, by default at most 600
 * @param connectionsOfOne of them from one address, so that one client cannot take them all
 */
public record Capacity(
        int bodyBytes, Duration bodyArrival, int requests, long bufferedBytes, int connections, int connectionsOfOne) {

    /** What a cluster needs, and this process's memory has room for. */
    static Capacity ofThisProcess() {
        long memory = Runtime.getRuntime().maxMemory();
        return new Capacity(8 << 20, Duration.ofSeconds(5), 2000, Math.max(32L << 20, memory / 4), 8000, 2000);
    }

    /** The same with other bounds on what is worked on at once. */
    Capacity withMost(int atOnce, long bytes) {
        return new Capacity(bodyBytes, bodyArrival, atOnce, bytes, connections, connectionsOfOne);
    }
}
