package dev.unroot.certificate;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * PEM text of a certificate's chain or of a key, and where it came from. Keys in PKCS#8, PKCS#1 (RSA) or SEC 1 (EC).
 *
 * @param source begins the sentences of what is wrong, none of which quotes the text
 */
record Pem(String source, String text) {
    /** @throws IOException with a sentence, where either cannot be read, or they do not belong together */
    static CertifiedKey pair(Pem chain, Pem key) throws IOException {
        List<X509Certificate> certificates = chain.certificates();
        PublicKey certified = certificates.get(0).getPublicKey();
        String unusable = KeyKind.unusable(certified);
        if (unusable != null) {
            throw new IOException(
                    chain.source + " is for a key of " + unusable + ", which TLS in Java does not use: " + KeyKind.USE);
        }
        PrivateKey secret = key.privateKey(certified);
        if (!belongTogether(secret, certified)) {
            throw new IOException(key.source + " is not the key of the first certificate in " + chain.source);
        }
        return new CertifiedKey(certificates, secret);
    }

    private List<X509Certificate> certificates() throws IOException {
        List<X509Certificate> chain = new ArrayList<>(3);
        for (Object part : parts()) {
            if (part instanceof X509CertificateHolder certificate) {
                try {
                    chain.add(new JcaX509CertificateConverter().getCertificate(certificate));
                } catch (GeneralSecurityException e) {
                    throw new IOException(source + " holds a certificate that Java cannot read", e);
                }
            }
        }
        if (chain.isEmpty()) {
            throw new IOException(source + " holds no certificate: it needs a PEM block BEGIN CERTIFICATE");
        }
        return chain;
    }

    private PrivateKey privateKey(PublicKey certified) throws IOException {
        for (Object part : parts()) {
            if (part instanceof PEMEncryptedKeyPair || part instanceof PKCS8EncryptedPrivateKeyInfo) {
                throw new IOException(source + " holds an encrypted key: Unroot has nobody to ask for its password");
            }
            PrivateKeyInfo key = keyInfo(part);
            if (key != null) {
                String unusable = KeyKind.unusable(key.getPrivateKeyAlgorithm());
                if (unusable != null) {
                    throw new IOException(source + " holds a key of " + unusable + ", which TLS in Java does not use: "
                            + KeyKind.USE);
                }
                return converted(withCurve(key, certified));
            }
        }
        throw new IOException(source
                + " holds no private key: it needs a PEM block BEGIN PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY");
    }

    /** A SEC 1 key may leave its curve to the certificate, which Java does not know how to do. */
    private static PrivateKeyInfo withCurve(PrivateKeyInfo key, PublicKey certified) throws IOException {
        AlgorithmIdentifier algorithm = key.getPrivateKeyAlgorithm();
        boolean curveMissing = algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                && algorithm.getParameters() == null;
        return curveMissing
                ? new PrivateKeyInfo(
                        SubjectPublicKeyInfo.getInstance(certified.getEncoded()).getAlgorithm(), key.parsePrivateKey())
                : key;
    }

    private PrivateKey converted(PrivateKeyInfo key) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        // Its own name for it, ECDSA, is one that Java's providers do not know.
        converter.setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC");
        try {
            return converter.getPrivateKey(key);
        } catch (PEMException e) {
            throw new IOException(source + " holds a private key that Java cannot read: " + KeyKind.USE);
        }
    }

    private static @Nullable PrivateKeyInfo keyInfo(Object part) {
        if (part instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        return part instanceof PrivateKeyInfo key ? key : null;
    }

    private List<Object> parts() throws IOException {
        List<Object> parts = new ArrayList<>(3);
        try (PEMParser parser = new PEMParser(new StringReader(text))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                parts.add(part);
            }
        } catch (IOException | RuntimeException e) {
            // Not its message: it could quote the text.
            throw new IOException(source + " holds a PEM block that cannot be read");
        }
        return parts;
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        try {
            String algorithm =
                    switch (certified.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> certified.getAlgorithm();
                    };
            byte[] sample = {1, 2, 3};
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(sample);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certified);
            verifier.update(sample);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Not the text. */
    @Override
    public String toString() {
        return source;
    }
}
