package dev.unroot.certificate;

import dev.unroot.certificate.ClusterCertificates.CaBundleStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What API servers were last seen to trust, and for how long. It stays while the API server is away. Thread-safe. */
public final class ApiServerTrust {
    private final CaBundleStore configuration;
    private final Map<X509Certificate, Instant> carriedSince = new HashMap<>();
    private @Nullable WebhookCaBundles last;
    private @Nullable String failure;
    private volatile long readAt = System.nanoTime();

    ApiServerTrust(CaBundleStore configuration) {
        this.configuration = configuration;
    }

    /** @throws ApiServerException where it cannot be read; what was known stays */
    WebhookCaBundles refresh(Instant now) {
        WebhookCaBundles read;
        try {
            read = configuration.read();
        } catch (ApiServerException e) {
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
        WebhookCaBundles known = last;
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
