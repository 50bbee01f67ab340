package dev.unroot.webhook;

import dev.unroot.certificate.ClientCheck;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where the servers listen, whom they let in, and how much they take on.
 *
 * @param host address of the admission server; {@code 0.0.0.0} in a cluster
 * @param port of the admission server; 0 chooses a free one
 * @param managementHost address of the management server
 * @param managementPort of the management server; 0 chooses a free one
 * @param eventLoops threads that read and write; one per core
 * @param capacity of the admission server
 * @param idleTimeout after which a silent connection is closed; at least 120 s, for an API server reuses connections,
 *     and closing one just then fails its request
 * @param stuckAfter an event loop that did not turn for so long makes {@code /healthz} fail
 * @param clients who may call; null: everybody
 */
public record WebhookOptions(
        String host,
        int port,
        String managementHost,
        int managementPort,
        int eventLoops,
        Capacity capacity,
        Duration idleTimeout,
        Duration stuckAfter,
        @Nullable ClientCheck clients) {
    private static final Duration SHORTEST_IDLE = Duration.ofSeconds(120);

    public WebhookOptions {
        if (idleTimeout.compareTo(SHORTEST_IDLE) < 0) {
            throw new IllegalArgumentException("an idle timeout under 120 s breaks requests of API servers");
        }
    }

    /** What a cluster needs. */
    public static WebhookOptions listening(String host, int port, String managementHost, int managementPort) {
        return new WebhookOptions(
                host,
                port,
                managementHost,
                managementPort,
                Runtime.getRuntime().availableProcessors(),
                Capacity.ofThisProcess(),
                Duration.ofSeconds(180),
                Duration.ofSeconds(20),
                null);
    }

    /** The same, open to these clients only. */
    public WebhookOptions withClients(@Nullable ClientCheck check) {
        return new WebhookOptions(
                host, port, managementHost, managementPort, eventLoops, capacity, idleTimeout, stuckAfter, check);
    }
}
