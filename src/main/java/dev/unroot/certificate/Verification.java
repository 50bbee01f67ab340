package dev.unroot.certificate;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a server's certificate as API servers do (Go: crypto/x509 verify.go): chain, name, times, and purpose. Unlike
 * Java by itself, which takes a CA of any age.
 */
final class Verification {
    private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final int DNS_NAME = 2;

    private Verification() {}

    static @Nullable String problem(CaBundle trusted, List<X509Certificate> chain, @Nullable String name, Instant now) {
        if (chain.isEmpty()) {
            return "no certificate is served";
        }
        X509Certificate own = chain.get(0);
        if (now.isAfter(own.getNotAfter().toInstant())) {
            return "the certificate expired at " + own.getNotAfter().toInstant();
        }
        if (now.isBefore(own.getNotBefore().toInstant())) {
            return "the certificate is only good from " + own.getNotBefore().toInstant() + ": look at the clocks";
        }
        if (name != null && !covers(own, name)) {
            return "the certificate is for " + String.join(", ", names(own)) + " and not for " + name;
        }
        if (!isForServers(own)) {
            return "the certificate is not for servers: its extended key usage lacks serverAuth";
        }
        return isTrusted(trusted, chain, now) ? null : "the certificate was not signed by a CA that is trusted";
    }

    static boolean isWithin(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    private static boolean isTrusted(CaBundle trusted, List<X509Certificate> chain, Instant now) {
        Set<TrustAnchor> anchors = trusted.at(now).certificates().stream()
                .filter(certificate -> certificate.getBasicConstraints() >= 0)
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            return false;
        }
        X509CertSelector own = new X509CertSelector();
        own.setCertificate(chain.get(0));
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, own);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return true;
        } catch (GeneralSecurityException noPath) {
            return false;
        }
    }

    private static boolean isForServers(X509Certificate certificate) {
        try {
            List<String> purposes = certificate.getExtendedKeyUsage();
            return purposes == null || purposes.contains(SERVER_AUTHENTICATION) || purposes.contains(ANY_PURPOSE);
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** Only alternative names count; the common name has not for years. */
    static boolean covers(X509Certificate certificate, String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        String wildcard = dot < 0 ? wanted : "*" + wanted.substring(dot);
        return names(certificate).stream()
                .map(known -> known.toLowerCase(Locale.ROOT))
                .anyMatch(known -> known.equals(wanted) || known.equals(wildcard));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>(2);
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    if (alternative.get(0) instanceof Integer type && type == DNS_NAME) {
                        names.add(String.valueOf(alternative.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }
}
