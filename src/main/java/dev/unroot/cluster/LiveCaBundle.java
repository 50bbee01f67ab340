package dev.unroot.cluster;

import dev.unroot.certificate.CaBundle;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What API servers were last seen to trust, and for how long. It stays while the API server is away. Thread-safe. */
public final class LiveCaBundle {
    private final WebhookConfiguration configuration;
    private final Map<X509Certificate, Instant> carriedSince = new HashMap<>();
    private @Nullable LiveBundles last;
    private @Nullable String failure;
    private volatile long readAt = System.nanoTime();

    LiveCaBundle(WebhookConfiguration configuration) {
        this.configuration = configuration;
    }

    /** @throws ClusterException where it cannot be read; what was known stays */
    LiveBundles refresh(Instant now) {
        LiveBundles read;
        try {
            read = configuration.read();
        } catch (ClusterException e) {
            synchronized (this) {
                failure = e.getMessage();
            }
            throw e;
        }
        synchronized (this) {
            last = read;
            failure = null;
            readAt = System.nanoTime();
            List<X509Certificate> everywhere =
                    read.union().certificates().stream().filter(read::carry).toList();
            carriedSince.keySet().retainAll(everywhere);
            everywhere.forEach(authority -> carriedSince.putIfAbsent(authority, now));
            return read;
        }
    }

    /** Whether the CA was there at every look since then. */
    synchronized boolean carriedSince(X509Certificate authority, Instant then) {
        Instant since = carriedSince.get(authority);
        return since != null && !since.isAfter(then);
    }

    /** All that was last seen to be trusted. */
    synchronized CaBundle trusted() {
        return last == null ? CaBundle.EMPTY : last.union();
    }

    /**
     * Why API servers would not talk to who shows this chain, as far as is known.
     *
     * @return half a sentence; null where they would
     */
    public synchronized @Nullable String problem(List<X509Certificate> chain, Instant now) {
        LiveBundles known = last;
        if (known == null) {
            return failure == null ? configuration + " has not been read yet" : failure;
        }
        String problem = known.problem(chain, configuration.service().host(), now);
        return problem == null ? null : configuration + ": " + problem;
    }

    /** Since it was last read; before that, since the start. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - readAt);
    }
}
