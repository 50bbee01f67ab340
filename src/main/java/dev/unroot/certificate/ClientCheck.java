package dev.unroot.certificate;

import dev.unroot.common.Text;
import java.security.cert.X509Certificate;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Which callers are let in: those with a client certificate from one of these CAs, which the TLS handshake sees to, and
 * with one of these names.
 *
 * @param names common names; empty: any
 */
public record ClientCheck(CaBundle authorities, Set<String> names) {
    public ClientCheck {
        if (authorities.certificates().isEmpty()) {
            throw new IllegalArgumentException("without a CA nobody would be let in");
        }
        names = Set.copyOf(names);
    }

    /** Why who is at the other end is not let in, a sentence that says what to set; null where it is. */
    @Nullable
    public String problem(@Nullable SSLSession session) {
        if (names.isEmpty()) {
            return null;
        }
        String name = name(session);
        return names.contains(name)
                ? null
                : "The client certificate's common name " + Text.quote(name)
                        + " is none of certificates.clientNames: add it there, or have the API server show another"
                        + " certificate.";
    }

    /** Empty where there is none. */
    private static String name(@Nullable SSLSession session) {
        try {
            return session != null && session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? commonName(certificate)
                    : "";
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    private static String commonName(X509Certificate certificate) {
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return String.valueOf(part.getValue());
                }
            }
        } catch (InvalidNameException e) {
            return "";
        }
        return "";
    }
}
