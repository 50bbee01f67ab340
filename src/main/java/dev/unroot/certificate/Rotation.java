package dev.unroot.certificate;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what the Secret should hold next. Pure: what it is given, the clock included, decides.
 *
 * <p>A CA is replaced in an order that leaves no moment at which an API server would refuse a certificate that is served:
 * the new CA is trusted beside the old one; then, once the {@code caBundle} carries it, a certificate signed by it is
 * served; and the old CA is trusted until nothing that it signed can be good any more.
 *
 * @param service what the certificate is for
 * @param lifetimes of what is made from now on
 */
public record Rotation(ServiceName service, Lifetimes lifetimes) {
    /**
     * A CA is made anew where what there is begins later than this. Clocks that are to be right must differ by no more, lest one
     * replica replaces what another makes, and the other again.
     */
    public static final Duration FAR_AHEAD = Duration.ofDays(1);

    /** Reached only if the Secret is destroyed again and again. */
    private static final int MOST_TRUSTED = 5;

    /**
     * What to do.
     *
     * @param content what the Secret should hold
     * @param reasons why it has to change, half a sentence each; empty where it has not
     */
    public record Step(SecretContent content, List<String> reasons) {
        public boolean isChange() {
            return !reasons.isEmpty();
        }
    }

    /**
     * Looks at what there is.
     *
     * @param stored what the Secret holds
     * @param known CAs that are trusted anyway, by the {@code caBundle} or by memory: kept, where the Secret lost its own
     * @param carried whether API servers are sure to trust this CA by now
     */
    public Step next(SecretContent stored, CaBundle known, Predicate<X509Certificate> carried, Instant now) {
        List<String> reasons = new ArrayList<>(2);
        CertifiedKey authority = stored.authority();
        if (isAhead(authority, now) && !isFarAhead(stored, now)) {
            // Made by somebody whose clock is right, or ours is. Nothing that was made now would be better.
            return new Step(stored, reasons);
        }
        CaBundle trusted = stored.trusted();
        String fault = faultOf(authority, now);
        if (authority == null || fault != null) {
            authority =
                    Issuer.authority("Unroot CA " + now.truncatedTo(ChronoUnit.SECONDS), now, lifetimes.authority());
            trusted = beside(authority.certificate(), trusted.certificates().isEmpty() ? known : trusted, now);
            reasons.add("a new CA, because " + fault);
        } else {
            CaBundle still = stillNeeded(trusted, stored.server(), now);
            if (!still.trustsTheSameAs(trusted)) {
                reasons.add("an old CA goes, because nothing that it signed is good any more");
                trusted = still;
            }
        }
        CertifiedKey server = stored.server();
        // A CA that was made just now is trusted by nobody.
        boolean isCarried = fault == null && carried.test(authority.certificate());
        String due = dueOf(server, authority.certificate(), trusted, isCarried, now);
        if (server == null || due != null) {
            server = Issuer.server(authority, "unroot", service.hosts(), now, lifetimes.server());
            reasons.add("a new certificate, because " + due);
        }
        return new Step(reasons.isEmpty() ? stored : new SecretContent(authority, trusted, server), reasons);
    }

    /** Whether the CA will be good only so much later that no clocks' difference explains it: whoever made it was wrong, or we are. */
    public boolean isFarAhead(SecretContent stored, Instant now) {
        return isAhead(stored.authority(), now.plus(FAR_AHEAD));
    }

    private static boolean isAhead(@Nullable CertifiedKey authority, Instant now) {
        return authority != null
                && now.isBefore(authority.certificate().getNotBefore().toInstant());
    }

    private static @Nullable String faultOf(@Nullable CertifiedKey authority, Instant now) {
        if (authority == null) {
            return "there is none";
        }
        X509Certificate certificate = authority.certificate();
        if (certificate.getBasicConstraints() < 0) {
            return "what is there is none: it may not sign";
        }
        if (isAhead(authority, now)) {
            return "what is there is good from " + certificate.getNotBefore().toInstant() + " only";
        }
        return now.isBefore(Lifetimes.renewal(certificate))
                ? null
                : "it is good until " + authority.notAfter() + " only";
    }

    private static CaBundle beside(X509Certificate newest, CaBundle older, Instant now) {
        Set<X509Certificate> all = new LinkedHashSet<>();
        all.add(newest);
        older.certificates().stream()
                .filter(certificate -> isNotOver(certificate, now))
                .filter(certificate -> certificate.getBasicConstraints() >= 0)
                .limit(MOST_TRUSTED - 1L)
                .forEach(all::add);
        return new CaBundle(List.copyOf(all));
    }

    private CaBundle stillNeeded(CaBundle trusted, @Nullable CertifiedKey server, Instant now) {
        X509Certificate newest = trusted.certificates().get(0);
        boolean nothingOld = now.isAfter(lifetimes.retirementOfOlder(newest));
        X509Certificate serving = server == null ? null : trusted.issuerOf(server.certificate());
        return new CaBundle(Stream.concat(
                        Stream.of(newest),
                        trusted.certificates().stream()
                                .skip(1)
                                .filter(older -> isNotOver(older, now))
                                .filter(older -> !nothingOld || older.equals(serving)))
                .toList());
    }

    /** One that is not good yet is kept too: whoever made it may serve by it. */
    private static boolean isNotOver(X509Certificate certificate, Instant now) {
        return !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** Why the certificate has to be replaced now; null where it has not, or not yet. */
    private @Nullable String dueOf(
            @Nullable CertifiedKey server,
            X509Certificate authority,
            CaBundle trusted,
            boolean isCarried,
            Instant now) {
        if (server == null) {
            return "there is none";
        }
        X509Certificate certificate = server.certificate();
        for (String name : service.hosts()) {
            String problem = trusted.problem(server.chain(), name, now);
            if (problem != null) {
                return problem;
            }
        }
        if (!CaBundle.isSignedBy(certificate, authority)) {
            // Until API servers trust the new CA, the old certificate is the one they take.
            return isCarried ? "its CA was replaced" : null;
        }
        return now.isBefore(Lifetimes.renewal(certificate)) ? null : "it is good until " + server.notAfter() + " only";
    }
}
