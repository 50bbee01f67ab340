package dev.unroot.registry.remote;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with one thing or another wrong; RSA 2048.
 *
 * @param subject distinguished name
 * @param chain PEM: itself, and those of its issuers that are sent along
 */
record OddCertificates(String subject, KeyPair keys, String chain) {
    static final Instant NOW = Instant.now();

    /**
     * What is to be made.
     *
     * @param name alternative name; null for no such names
     */
    record Wish(
            String subject,
            @Nullable String name,
            Instant from,
            Instant to,
            KeyPurposeId purpose,
            String signature,
            boolean authority) {
        static Wish server(String name) {
            return new Wish(
                    "CN=" + name,
                    name,
                    NOW.minus(Duration.ofDays(2)),
                    NOW.plus(Duration.ofDays(2)),
                    KeyPurposeId.id_kp_serverAuth,
                    "SHA256withRSA",
                    false);
        }

        static Wish authority(String subject) {
            return new Wish(
                    subject,
                    null,
                    NOW.minus(Duration.ofDays(2)),
                    NOW.plus(Duration.ofDays(2)),
                    KeyPurposeId.anyExtendedKeyUsage,
                    "SHA256withRSA",
                    true);
        }

        Wish withoutNames() {
            return new Wish(subject, null, from, to, purpose, signature, authority);
        }

        Wish within(Instant first, Instant last) {
            return new Wish(subject, name, first, last, purpose, signature, authority);
        }

        Wish forPurpose(KeyPurposeId other) {
            return new Wish(subject, name, from, to, other, signature, authority);
        }

        Wish signedBy(String algorithm) {
            return new Wish(subject, name, from, to, purpose, algorithm, authority);
        }
    }

    static OddCertificates selfSigned(Wish wish) {
        KeyPair keys = newKeys();
        return new OddCertificates(wish.subject(), keys, pem(wish, wish.subject(), keys, keys));
    }

    OddCertificates issue(Wish wish) {
        KeyPair own = newKeys();
        return new OddCertificates(wish.subject(), own, pem(wish, subject, keys, own));
    }

    OddCertificates sendingAlong(OddCertificates issuer) {
        return new OddCertificates(subject, keys, chain + issuer.chain);
    }

    PemKeyCertOptions serverOptions() {
        try {
            return new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(chain))
                    .addKeyValue(Buffer.buffer(pem(new JcaPKCS8Generator(keys.getPrivate(), null))));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(Wish wish, String issuer, KeyPair signer, KeyPair own) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    new X500Name(issuer),
                    new BigInteger(159, new SecureRandom()).add(BigInteger.ONE),
                    Date.from(wish.from()),
                    Date.from(wish.to()),
                    new X500Name(wish.subject()),
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(wish.authority()));
            if (!wish.authority()) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(wish.purpose()));
            }
            if (wish.name() != null) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(new GeneralName(GeneralName.dNSName, wish.name())));
            }
            return pem(builder.build(new JcaContentSignerBuilder(wish.signature()).build(signer.getPrivate())));
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }
}
