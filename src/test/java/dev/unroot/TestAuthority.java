package dev.unroot;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;
import org.bouncycastle.util.io.pem.PemObject;

/** Signs certificates for servers and their callers (EC P-256, a day long), made in memory and worth nothing outside a test. */
public final class TestAuthority {
    private static final Duration BACKDATED = Duration.ofHours(1);
    private static final Duration LIFETIME = Duration.ofDays(1);

    private final X500Name name;
    private final KeyPair keys;
    private final String certificate;

    /** @param commonName of the authority; different ones for authorities that are to be told apart */
    public TestAuthority(String commonName) {
        this.name = name(commonName, List.of());
        this.keys = newKeys();
        this.certificate = sign(name, keys, new Extra(Extension.basicConstraints, true, new BasicConstraints(true)));
    }

    /** A certificate and its key, both PEM; the key in SEC 1. */
    public record Issued(String certificate, String key) {
        /** Writes {@code NAME.crt} and {@code NAME.key}. */
        public Issued writeTo(Path folder, String name) throws IOException {
            Files.writeString(folder.resolve(name + ".crt"), certificate);
            Files.writeString(folder.resolve(name + ".key"), key);
            return this;
        }

        /** For a server that shows this certificate. */
        public SSLContext tls() throws Exception {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(
                    new PemKeyCertOptions()
                            .addCertValue(Buffer.buffer(certificate))
                            .addKeyValue(Buffer.buffer(key))
                            .getKeyManagerFactory(null)
                            .getKeyManagers(),
                    null,
                    null);
            return tls;
        }
    }

    /** PEM. */
    public String certificate() {
        return certificate;
    }

    /** @param names DNS names and IP addresses */
    public Issued server(String... names) {
        GeneralName[] alternatives = new GeneralName[names.length];
        for (int i = 0; i < names.length; i++) {
            alternatives[i] = new GeneralName(
                    IPAddress.isValid(names[i]) ? GeneralName.iPAddress : GeneralName.dNSName, names[i]);
        }
        KeyPair own = newKeys();
        return new Issued(
                sign(
                        name(names[0], List.of()),
                        own,
                        new Extra(
                                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)),
                        new Extra(Extension.subjectAlternativeName, false, new GeneralNames(alternatives))),
                key(own));
    }

    /** For somebody who calls an API server: the common name is the user's, organizations are its groups. */
    public Issued client(String user, String... groups) {
        KeyPair own = newKeys();
        return new Issued(
                sign(
                        name(user, List.of(groups)),
                        own,
                        new Extra(
                                Extension.extendedKeyUsage,
                                false,
                                new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))),
                key(own));
    }

    /** An EC P-256 key without a certificate, PEM in SEC 1. */
    public static String newKey() {
        return key(newKeys());
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X500Name name(String commonName, List<String> organizations) {
        X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
        organizations.forEach(organization -> name.addRDN(BCStyle.O, organization));
        return name.addRDN(BCStyle.CN, commonName).build();
    }

    private record Extra(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {}

    private String sign(X500Name subject, KeyPair own, Extra... extras) {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(159, new SecureRandom()).add(BigInteger.ONE),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(LIFETIME)),
                subject,
                own.getPublic());
        try {
            for (Extra extra : extras) {
                builder.addExtension(extra.id(), extra.critical(), extra.value());
            }
            X509CertificateHolder signed =
                    builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
            return pem(signed);
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the public key, which is optional in SEC 1, but the fabric8 client does not read one without. */
    private static String key(KeyPair keys) {
        SubjectPublicKeyInfo publicKey =
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
        ECPrivateKey key = new ECPrivateKey(
                256,
                ((java.security.interfaces.ECPrivateKey) keys.getPrivate()).getS(),
                publicKey.getPublicKeyData(),
                publicKey.getAlgorithm().getParameters());
        try {
            return pem(new PemObject("EC PRIVATE KEY", key.getEncoded()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }
}
