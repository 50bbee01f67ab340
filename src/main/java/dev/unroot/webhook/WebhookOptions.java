package dev.unroot.webhook;

import java.time.Duration;

/**
 * Where the servers listen, and how much they take on.
 *
 * @param host address of the admission server; {@code 0.0.0.0} in a cluster
 * @param port of the admission server; 0 chooses a free one
 * @param managementHost address of the management server
 * @param managementPort of the management server; 0 chooses a free one
 * @param eventLoops threads that read and write; one per core
 * @param mostBodyBytes of one request. The API server takes objects of 3 MiB and a review carries two of them
 * @param mostInFlight requests worked on at once; more are told to come back in a second
 * @param mostBufferedBytes bodies in memory at once, over all requests; likewise
 * @param idleTimeout after which a silent connection is closed; at least 120 s, for an API server reuses connections,
 *     and closing one just then fails its request
 */
public record WebhookOptions(
        String host,
        int port,
        String managementHost,
        int managementPort,
        int eventLoops,
        int mostBodyBytes,
        int mostInFlight,
        long mostBufferedBytes,
        Duration idleTimeout) {
    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(120);

    public WebhookOptions {
        if (idleTimeout.compareTo(SHORTEST_IDLE) < 0) {
            throw new IllegalArgumentException("an idle timeout under 120 s breaks requests of API servers");
        }
    }

    /** What a cluster needs. */
    public static WebhookOptions listening(String host, int port, String managementHost, int managementPort) {
        Runtime machine = Runtime.getRuntime();
        return new WebhookOptions(
                host,
                port,
                managementHost,
                managementPort,
                machine.availableProcessors(),
                8 << 20,
                2000,
                Math.max(32L << 20, machine.maxMemory() / 4),
                Duration.ofSeconds(180));
    }

    /** The same with another bound on requests at once. */
    public WebhookOptions withMostInFlight(int requests) {
        return new WebhookOptions(
                host,
                port,
                managementHost,
                managementPort,
                eventLoops,
                mostBodyBytes,
                requests,
                mostBufferedBytes,
                idleTimeout);
    }
}
