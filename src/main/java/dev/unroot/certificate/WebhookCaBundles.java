package dev.unroot.certificate;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code caBundle} of each webhook in a configuration that calls our Service, as read at one moment.
 *
 * @param entries at least one
 */
public record WebhookCaBundles(String resourceVersion, List<Entry> entries) {
    /**
     * One webhook's.
     *
     * @param index in the configuration's list
     * @param webhook its name
     * @param bundle empty where there is none yet, or none that can be read
     */
    public record Entry(int index, String webhook, CaBundle bundle, boolean readable) {}

    /** Whether all of them trust this CA. */
    boolean carry(X509Certificate authority) {
        return entries.stream().allMatch(entry -> entry.bundle().certificates().contains(authority));
    }

    /** Whether each of them is this, no more and no less. */
    public boolean are(CaBundle wanted) {
        return entries.stream().allMatch(entry -> is(entry, wanted));
    }

    public static boolean is(Entry entry, CaBundle wanted) {
        return entry.readable() && entry.bundle().trustsTheSameAs(wanted);
    }

    /** All that any of them trusts. */
    CaBundle union() {
        Set<X509Certificate> all = new LinkedHashSet<>();
        entries.forEach(entry -> all.addAll(entry.bundle().certificates()));
        return new CaBundle(List.copyOf(all));
    }

    /** Why an API server would not talk to who shows this chain, half a sentence; null where it would, for each webhook. */
    @Nullable
    public String problem(List<X509Certificate> chain, String host, Instant now) {
        for (Entry entry : entries) {
            if (!entry.readable()) {
                return "webhook " + entry.webhook() + " has no caBundle, or none that can be read";
            }
            String problem = entry.bundle().problem(chain, host, now);
            if (problem != null) {
                return "by the caBundle of webhook " + entry.webhook() + ", " + problem;
            }
        }
        return null;
    }
}
