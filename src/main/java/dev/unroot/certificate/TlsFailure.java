package dev.unroot.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CertificateRevokedException;
import java.security.cert.PKIXReason;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a TLS connection did not come about, told without a word that came from the other end. Found by the types of the
 * exceptions; where Java has only a sentence, by that (JDK 17 and 25 write the same ones).
 *
 * @param kind what is to be mended
 * @param clause what follows a colon after who could not be talked to: {@code its certificate expired at 2026-01-31T00:00:00Z}
 */
public record TlsFailure(Kind kind, String clause) {

    /** What can be the matter; each has a cure of its own, which is for whoever made the connection to tell. */
    public enum Kind {
        EXPIRED("its certificate has expired"),
        NOT_YET_VALID("its certificate is not valid yet"),
        WRONG_NAME("its certificate is for other names"),
        COMMON_NAME_ONLY("its certificate has no subject alternative names, and a common name alone counts no more"),
        UNKNOWN_CA("its certificate is by a CA that is not trusted for it"),
        UNKNOWN_ISSUER("its certificate is by a CA that is not trusted for it, or it does not send its whole chain"),
        OTHER_CA_OF_THAT_NAME("its certificate is by another CA than the trusted one of the same name"),
        SELF_SIGNED("its certificate is signed by itself, and not trusted"),
        WRONG_PURPOSE("its certificate is not for servers: its key usage does not allow it"),
        WEAK("its certificate has a key or a signature that is too weak for Java"),
        REVOKED("its certificate is revoked"),
        BROKEN_CHAIN("its certificates break the rules for chains"),
        UNREADABLE("its certificate cannot be read"),
        NO_TLS("what answers there speaks no TLS"),
        TLS_ONLY("what answers there speaks TLS alone, and was asked in plain HTTP"),
        CLIENT_CERTIFICATE_MISSING("it asks for a client certificate, and none is configured for it"),
        CLIENT_CERTIFICATE_REFUSED("it refused the client certificate that is configured for it"),
        OLD_PROTOCOL("it speaks no TLS as new as 1.2"),
        NOTHING_IN_COMMON("there is no cipher that both allow, or it misses a client certificate"),
        NAME_NOT_SERVED("it serves nothing by that name"),
        UNSPECIFIED("the handshake failed");

        private final String clause;

        Kind(String clause) {
            this.clause = clause;
        }

        /** Whether a connection could be talked over, and only who is there is in doubt. */
        public boolean isOfCertificate() {
            return compareTo(NO_TLS) < 0;
        }
    }

    private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");
    private static final Map<String, Kind> ALERTS = Map.ofEntries(
            Map.entry("certificate_required", Kind.CLIENT_CERTIFICATE_MISSING),
            Map.entry("bad_certificate", Kind.CLIENT_CERTIFICATE_REFUSED),
            Map.entry("no_certificate", Kind.CLIENT_CERTIFICATE_REFUSED),
            Map.entry("unsupported_certificate", Kind.CLIENT_CERTIFICATE_REFUSED),
            Map.entry("certificate_revoked", Kind.CLIENT_CERTIFICATE_REFUSED),
            Map.entry("certificate_expired", Kind.CLIENT_CERTIFICATE_REFUSED),
            Map.entry("certificate_unknown", Kind.CLIENT_CERTIFICATE_REFUSED),
            Map.entry("unknown_ca", Kind.CLIENT_CERTIFICATE_REFUSED),
            Map.entry("access_denied", Kind.CLIENT_CERTIFICATE_REFUSED),
            Map.entry("protocol_version", Kind.OLD_PROTOCOL),
            Map.entry("handshake_failure", Kind.NOTHING_IN_COMMON),
            Map.entry("insufficient_security", Kind.NOTHING_IN_COMMON),
            Map.entry("unrecognized_name", Kind.NAME_NOT_SERVED));

    /** Sentences of the JDK's that no type stands for. */
    private static final Map<Pattern, Kind> SENTENCES = Map.of(
            Pattern.compile("No subject alternative|No name matching|Illegal given domain name"), Kind.WRONG_NAME,
            Pattern.compile("(?i)key ?usage does not"), Kind.WRONG_PURPOSE,
            Pattern.compile("not conform to algorithm constraints|Algorithm constraints check failed"), Kind.WEAK,
            Pattern.compile("unable to find valid certification path|[Nn]o trusted certificate"), Kind.UNKNOWN_CA,
            Pattern.compile("(?i)unrecognized SSL message|not an SSL/TLS record"), Kind.NO_TLS,
            Pattern.compile("selected protocol version|SSL v2.0 ServerHello|Unsupported protocol version"),
                    Kind.OLD_PROTOCOL,
            Pattern.compile("No appropriate protocol|cipher ?suite"), Kind.NOTHING_IN_COMMON);

    public static TlsFailure of(Kind kind) {
        return new TlsFailure(kind, kind.clause);
    }

    /**
     * Finds it in an exception and its causes.
     *
     * @param showsCertificate whether we had a client certificate to show
     * @return null where the failure is not one of TLS
     */
    public static @Nullable TlsFailure in(Throwable failure, boolean showsCertificate) {
        Kind found = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedCertificate refused) {
                return refused.failure();
            }
            Kind kind = kind(cause);
            // The cause of a cause knows more.
            if (kind != null && (found == null || kind != Kind.UNSPECIFIED)) {
                found = kind;
            }
        }
        if (found == Kind.CLIENT_CERTIFICATE_REFUSED && !showsCertificate) {
            found = Kind.CLIENT_CERTIFICATE_MISSING;
        }
        return found == null ? null : of(found);
    }

    private static @Nullable Kind kind(Throwable cause) {
        if (cause instanceof CertificateExpiredException) {
            return Kind.EXPIRED;
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Kind.NOT_YET_VALID;
        }
        if (cause instanceof CertificateRevokedException) {
            return Kind.REVOKED;
        }
        if (cause instanceof CertificateParsingException || cause instanceof CertificateEncodingException) {
            return Kind.UNREADABLE;
        }
        if (cause instanceof CertPathValidatorException invalid) {
            return kind(invalid.getReason());
        }
        if (cause instanceof CertPathBuilderException) {
            return Kind.UNKNOWN_CA;
        }
        return cause instanceof SSLException || cause instanceof GeneralSecurityException
                ? kind(String.valueOf(cause.getMessage()))
                : null;
    }

    private static Kind kind(CertPathValidatorException.Reason reason) {
        if (reason instanceof BasicReason basic) {
            return switch (basic) {
                case EXPIRED -> Kind.EXPIRED;
                case NOT_YET_VALID -> Kind.NOT_YET_VALID;
                case REVOKED -> Kind.REVOKED;
                case ALGORITHM_CONSTRAINED -> Kind.WEAK;
                case INVALID_SIGNATURE -> Kind.BROKEN_CHAIN;
                case UNSPECIFIED, UNDETERMINED_REVOCATION_STATUS -> Kind.UNSPECIFIED;
            };
        }
        if (reason == PKIXReason.NO_TRUST_ANCHOR) {
            return Kind.UNKNOWN_CA;
        }
        return reason instanceof PKIXReason ? Kind.BROKEN_CHAIN : Kind.UNSPECIFIED;
    }

    private static Kind kind(String sentence) {
        Matcher alert = ALERT.matcher(sentence);
        if (alert.find()) {
            return ALERTS.getOrDefault(alert.group(1), Kind.UNSPECIFIED);
        }
        return SENTENCES.entrySet().stream()
                .filter(known -> known.getKey().matcher(sentence).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Kind.UNSPECIFIED);
    }
}
