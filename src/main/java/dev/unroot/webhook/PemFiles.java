package dev.unroot.webhook;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
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
 * A certificate in two PEM files, as cert-manager and {@code kubectl create secret tls} lay them out: the chain, and the
 * key in PKCS#8, PKCS#1 (RSA) or SEC 1 (EC).
 */
public record PemFiles(Path chainFile, Path keyFile) {
    private static final long LARGEST = 1 << 20;

    /** @throws IOException with a sentence that names the file and says what is wrong with it; never quotes a key */
    public ServingCertificate read(Clock clock) throws IOException {
        List<X509Certificate> chain = readChain();
        X509Certificate leaf = chain.get(0);
        PrivateKey key = readKey(leaf.getPublicKey());
        if (!belongTogether(key, leaf.getPublicKey())) {
            throw new IOException(keyFile + " is not the key of the first certificate in " + chainFile);
        }
        if (leaf.getNotAfter().toInstant().isBefore(clock.instant())) {
            throw new IOException(chainFile + ": its first certificate expired at "
                    + leaf.getNotAfter().toInstant());
        }
        return new ServingCertificate(chain, key);
    }

    private List<X509Certificate> readChain() throws IOException {
        List<X509Certificate> chain = new ArrayList<>(3);
        for (Object part : parts(chainFile)) {
            if (part instanceof X509CertificateHolder certificate) {
                try {
                    chain.add(new JcaX509CertificateConverter().getCertificate(certificate));
                } catch (GeneralSecurityException e) {
                    throw new IOException(chainFile + " holds a certificate that Java cannot read", e);
                }
            }
        }
        if (chain.isEmpty()) {
            throw new IOException(chainFile + " holds no certificate: it needs a PEM block BEGIN CERTIFICATE");
        }
        return chain;
    }

    private PrivateKey readKey(PublicKey certified) throws IOException {
        for (Object part : parts(keyFile)) {
            if (part instanceof PEMEncryptedKeyPair || part instanceof PKCS8EncryptedPrivateKeyInfo) {
                throw new IOException(keyFile + " holds an encrypted key: Unroot has nobody to ask for its password");
            }
            PrivateKeyInfo key = keyInfo(part);
            if (key != null) {
                return privateKey(withCurve(key, certified));
            }
        }
        throw new IOException(keyFile
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

    private PrivateKey privateKey(PrivateKeyInfo key) throws IOException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        // Its own name for it, ECDSA, is one that Java's providers do not know.
        converter.setAlgorithmMapping(X9ObjectIdentifiers.id_ecPublicKey, "EC");
        try {
            return converter.getPrivateKey(key);
        } catch (PEMException e) {
            throw new IOException(keyFile + " holds a private key that Java cannot read: use RSA or EC P-256");
        }
    }

    private static @Nullable PrivateKeyInfo keyInfo(Object part) {
        if (part instanceof PEMKeyPair pair) {
            return pair.getPrivateKeyInfo();
        }
        return part instanceof PrivateKeyInfo key ? key : null;
    }

    private static List<Object> parts(Path file) throws IOException {
        List<Object> parts = new ArrayList<>(3);
        try (PEMParser parser = new PEMParser(new StringReader(text(file)))) {
            for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
                parts.add(part);
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof FileProblem problem) {
                throw problem;
            }
            // Not its message: it could quote the file.
            throw new IOException(file + " holds a PEM block that cannot be read");
        }
        return parts;
    }

    private static String text(Path file) throws FileProblem {
        try {
            if (Files.size(file) > LARGEST) {
                throw new FileProblem(file + " is larger than 1 MiB, which no certificate or key is");
            }
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new FileProblem(file + " does not exist");
        } catch (AccessDeniedException e) {
            throw new FileProblem(file + " may not be read by this user");
        } catch (MalformedInputException e) {
            throw new FileProblem(file + " is not text: a PEM file is needed, not DER or PKCS#12");
        } catch (FileProblem e) {
            throw e;
        } catch (IOException e) {
            throw new FileProblem(file + " cannot be read: " + e.getMessage());
        }
    }

    private static final class FileProblem extends IOException {
        private static final long serialVersionUID = 1L;

        FileProblem(String message) {
            super(message);
        }
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
}
