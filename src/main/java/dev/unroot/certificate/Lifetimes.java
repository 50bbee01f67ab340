package dev.unroot.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/**
 * How long certificates are good. Each is renewed when two thirds of its time have passed.
 *
 * @param authority of the CA; at least three times the other, so that no server's certificate is cut short by its CA's
 * @param server of the server's certificate
 */
public record Lifetimes(Duration authority, Duration server) {
    /** Five years, and 90 days. */
    public static final Lifetimes DEFAULT = new Lifetimes(Duration.ofDays(5 * 365), Duration.ofDays(90));

    public Lifetimes {
        if (authority.compareTo(server.multipliedBy(3)) < 0) {
            throw new IllegalArgumentException("a CA must live three times as long as what it signs");
        }
    }

    /** When a certificate, made with whatever lifetimes, is to be replaced. */
    static Instant renewal(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        Duration whole = Duration.between(from, certificate.getNotAfter().toInstant());
        return from.plus(whole.multipliedBy(2).dividedBy(3));
    }

    /**
     * When nothing can be served any more that was signed before this CA was made: its making, and a server
     * certificate's whole time; later by as much as clocks may differ.
     */
    Instant retirementOfOlder(X509Certificate newest) {
        return newest.getNotBefore()
                .toInstant()
                .plus(Issuer.backdating(authority))
                .plus(server)
                .plus(Issuer.backdating(server));
    }
}
