package dev.unroot.webhook;

import dev.unroot.certificate.CaBundle;
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

    /** Whether the name will do of who is at the other end. */
    boolean admits(@Nullable SSLSession session) {
        if (names.isEmpty()) {
            return true;
        }
        try {
            return session != null
                    && session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    && names.contains(commonName(certificate));
        } catch (SSLPeerUnverifiedException e) {
            return false;
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
