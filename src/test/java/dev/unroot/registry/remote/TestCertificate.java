package dev.unroot.registry.remote;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate for one DNS name, and the authority that signed it, made in memory and worth nothing outside a test. */
public final class TestCertificate {
    private final String authority;
    private final String certificate;
    private final String key;

    private TestCertificate(String authority, String certificate, String key) {
        this.authority = authority;
        this.certificate = certificate;
        this.key = key;
    }

    public static TestCertificate of(String dnsName) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair authorityKeys = generator.generateKeyPair();
            KeyPair keys = generator.generateKeyPair();
            X500Name authorityName = new X500Name("CN=test authority");
            X509CertificateHolder authority = sign(
                    builder(authorityName, authorityName, authorityKeys)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)),
                    authorityKeys);
            X509CertificateHolder leaf = sign(
                    builder(authorityName, new X500Name("CN=" + dnsName), keys)
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(new GeneralName(GeneralName.dNSName, dnsName))),
                    authorityKeys);
            return new TestCertificate(pem(authority), pem(leaf), pem(keys.getPrivate()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                BigInteger.valueOf(now.toEpochMilli()).add(BigInteger.valueOf(subject.hashCode() & 0xffff)),
                Date.from(now.minus(Duration.ofHours(1))),
                Date.from(now.plus(Duration.ofDays(1))),
                subject,
                keys.getPublic());
    }

    private static X509CertificateHolder sign(X509v3CertificateBuilder builder, KeyPair keys)
            throws OperatorCreationException {
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            if (object instanceof java.security.PrivateKey privateKey) {
                writer.writeObject(new org.bouncycastle.openssl.jcajce.JcaPKCS8Generator(privateKey, null));
            } else {
                writer.writeObject(object);
            }
        }
        return text.toString();
    }

    PemKeyCertOptions serverOptions() {
        return new PemKeyCertOptions().addCertValue(Buffer.buffer(certificate)).addKeyValue(Buffer.buffer(key));
    }

    /** Writes the authority where a {@code caFile} may point. */
    public Path authorityIn(Path folder) {
        try {
            return Files.writeString(folder.resolve("ca.pem"), authority);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
