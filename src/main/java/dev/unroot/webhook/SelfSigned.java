package dev.unroot.webhook;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * A CA made in memory and a certificate signed by it, for a server without a cluster. The CA's key is gone once this is
 * made, so nobody can sign another.
 *
 * @param caPem the CA's certificate, for whoever calls the server
 */
public record SelfSigned(ServingCertificate certificate, String caPem) {
    private static final Duration LIFETIME = Duration.ofDays(365);
    /** Clocks differ. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1", "::1");

    /**
     * EC P-256, good for a year from now.
     *
     * @param names DNS names and IP addresses to be valid for, besides {@code localhost}, {@code 127.0.0.1}, {@code ::1}
     */
    public static SelfSigned create(List<String> names, Clock clock) {
        try {
            Instant now = clock.instant();
            KeyPair caKey = newKey();
            X500Name caName = new X500Name("CN=Unroot standalone CA");
            X509Certificate ca = sign(
                    builder(caName, caName, caKey, now)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                            .addExtension(
                                    Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                            .addExtension(
                                    Extension.subjectKeyIdentifier,
                                    false,
                                    identifiers().createSubjectKeyIdentifier(caKey.getPublic())),
                    caKey);
            KeyPair key = newKey();
            X509Certificate leaf = sign(
                    builder(caName, new X500Name("CN=unroot"), key, now)
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                            .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                            .addExtension(Extension.subjectAlternativeName, false, alternatives(names))
                            .addExtension(
                                    Extension.authorityKeyIdentifier,
                                    false,
                                    identifiers().createAuthorityKeyIdentifier(ca)),
                    caKey);
            return new SelfSigned(new ServingCertificate(List.of(leaf), key.getPrivate()), ServingCertificate.pem(ca));
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("this Java cannot make an EC P-256 certificate", e);
        }
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static JcaX509ExtensionUtils identifiers() throws GeneralSecurityException {
        return new JcaX509ExtensionUtils();
    }

    private static JcaX509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair key, Instant now) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(159, new SecureRandom()).add(BigInteger.ONE),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(LIFETIME)),
                subject,
                key.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
    }

    private static GeneralNames alternatives(List<String> names) {
        Set<String> all = new LinkedHashSet<>(ALWAYS);
        all.addAll(names);
        List<GeneralName> alternatives = new ArrayList<>(all.size());
        for (String name : all) {
            alternatives.add(
                    new GeneralName(IPAddress.isValid(name) ? GeneralName.iPAddress : GeneralName.dNSName, name));
        }
        return new GeneralNames(alternatives.toArray(GeneralName[]::new));
    }
}
