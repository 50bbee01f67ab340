package dev.unroot.certificate;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/** Makes CAs, and certificates for servers signed by them. EC P-256, signed with SHA-256. */
final class Issuer {
    /** Clocks differ: this much of a certificate's time lies before its making, and at most an hour. */
    private static final int BACKDATED_PART = 10;

    private static final Duration MOST_BACKDATED = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Issuer() {}

    static Duration backdating(Duration lifetime) {
        Duration part = lifetime.dividedBy(BACKDATED_PART);
        return part.compareTo(MOST_BACKDATED) < 0 ? part : MOST_BACKDATED;
    }

    /** A CA that signs for servers only, not for other CAs. */
    static CertifiedKey authority(String commonName, Instant now, Duration lifetime) {
        try {
            KeyPair pair = newKey();
            X500Name name = name(commonName);
            JcaX509v3CertificateBuilder builder =
                    builder(name, name, pair.getPublic(), now.minus(backdating(lifetime)), now.plus(lifetime));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return signed(builder, pair, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw cannot(e);
        }
    }

    /**
     * A server's certificate. It never outlives its CA.
     *
     * @param names DNS names and IP addresses that the server is called by
     */
    static CertifiedKey server(
            CertifiedKey authority, String commonName, List<String> names, Instant now, Duration lifetime) {
        try {
            KeyPair pair = newKey();
            Instant wanted = now.plus(lifetime);
            JcaX509v3CertificateBuilder builder = builder(
                    new JcaX509CertificateHolder(authority.certificate()).getSubject(),
                    name(commonName),
                    pair.getPublic(),
                    now.minus(backdating(lifetime)),
                    wanted.isBefore(authority.notAfter()) ? wanted : authority.notAfter());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.certificate()));
            return signed(builder, pair, authority.key());
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw cannot(e);
        }
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant notBefore, Instant notAfter) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(159, RANDOM).add(BigInteger.ONE),
                Date.from(notBefore),
                Date.from(notAfter),
                subject,
                key);
    }

    private static CertifiedKey signed(JcaX509v3CertificateBuilder builder, KeyPair pair, PrivateKey signer)
            throws GeneralSecurityException, OperatorCreationException {
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
        return new CertifiedKey(List.of(certificate), pair.getPrivate());
    }

    private static GeneralNames alternatives(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name ->
                        new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static IllegalStateException cannot(Exception cause) {
        return new IllegalStateException("this Java cannot make an EC P-256 certificate", cause);
    }
}
