package dev.unroot.certificate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** CAs that are trusted, as {@code caBundle} of a webhook and {@code ca.crt} of a Secret hold them: PEM, one after another. */
public record CaBundle(List<X509Certificate> certificates) {
    public static final CaBundle EMPTY = new CaBundle(List.of());
    private static final int LARGEST = 1 << 20;
    /** ASN.1's tag of what a certificate is. */
    private static final byte SEQUENCE = 0x30;

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN [A-Z0-9 ]*(CERTIFICATE|PKCS7)-----");

    public CaBundle {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads PEM; text between the blocks is skipped.
     *
     * @throws IllegalArgumentException with half a sentence, where it holds no certificate or one that cannot be read
     */
    public static CaBundle parse(byte[] pem) {
        if (pem.length > LARGEST) {
            throw new IllegalArgumentException("is larger than 1 MiB");
        }
        // The JDK's parser takes the first hyphen in any text for the beginning of a certificate.
        if (!isDer(pem) && !BEGIN.matcher(new String(pem, ISO_8859_1)).find()) {
            throw new IllegalArgumentException("holds no certificate");
        }
        List<X509Certificate> certificates = new ArrayList<>(2);
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .forEach(certificate -> certificates.add((X509Certificate) certificate));
        } catch (CertificateException | ClassCastException e) {
            throw new IllegalArgumentException("holds a certificate that cannot be read", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("holds no certificate");
        }
        return new CaBundle(certificates);
    }

    private static boolean isDer(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == SEQUENCE;
    }

    public String pem() {
        StringBuilder text = new StringBuilder();
        certificates.forEach(certificate -> text.append(pem(certificate)));
        return text.toString();
    }

    static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /** Whether both trust the same, in whatever order. */
    public boolean trustsTheSameAs(CaBundle other) {
        return new HashSet<>(certificates).equals(new HashSet<>(other.certificates));
    }

    /**
     * Why an API server that trusts this would not talk to who shows this chain.
     *
     * @param chain the server's own certificate first
     * @param name that it is called by; null where that does not matter
     * @return half a sentence; null where it would
     */
    public @Nullable String problem(List<X509Certificate> chain, @Nullable String name, Instant now) {
        return Verification.problem(this, chain, name, now);
    }

    /** Those that are good at this time. */
    CaBundle at(Instant now) {
        return new CaBundle(certificates.stream()
                .filter(certificate -> Verification.isWithin(certificate, now))
                .toList());
    }

    /** The one that signed it; null where it is not here. */
    public @Nullable X509Certificate issuerOf(X509Certificate certificate) {
        for (X509Certificate candidate : certificates) {
            if (isSignedBy(certificate, candidate)) {
                return candidate;
            }
        }
        return null;
    }

    static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Names, not bytes. */
    @Override
    public String toString() {
        return certificates.stream()
                .map(certificate -> certificate.getSubjectX500Principal().getName())
                .toList()
                .toString();
    }
}
