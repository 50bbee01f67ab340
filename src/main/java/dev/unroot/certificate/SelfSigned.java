package dev.unroot.certificate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A CA made in memory and a certificate signed by it, for a server without a cluster. The CA's key is gone once this is
 * made, so nobody can sign another.
 *
 * @param caPem the CA's certificate, for whoever calls the server
 */
public record SelfSigned(CertifiedKey certificate, String caPem) {
    private static final Duration LIFETIME = Duration.ofDays(365);
    private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1", "::1");

    /**
     * EC P-256, good for a year from now.
     *
     * @param names DNS names and IP addresses to be valid for, besides {@code localhost}, {@code 127.0.0.1}, {@code ::1}
     */
    public static SelfSigned create(List<String> names, Clock clock) {
        Instant now = clock.instant();
        Set<String> all = new LinkedHashSet<>(ALWAYS);
        all.addAll(names);
        CertifiedKey authority = Issuer.authority("Unroot standalone CA", now, LIFETIME);
        CertifiedKey certificate = Issuer.server(authority, "unroot", List.copyOf(all), now, LIFETIME);
        return new SelfSigned(certificate, authority.chainPem());
    }
}
