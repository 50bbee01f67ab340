package dev.unroot.certificate;

import java.security.PublicKey;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a TLS connection can be made with, at both its ends: RSA, and EC on the three curves that Java and Go have.
 *
 * <p>Source: JDK {@code sun.security.ssl.SignatureScheme}, Go {@code crypto/x509} ({@code publicKeyAlgorithm}).
 */
final class KeyKind {
    /** The way out, for the end of a sentence. */
    static final String USE = "use RSA or EC P-256";

    private static final Set<String> CURVES = Set.of("P-256", "P-384", "P-521");
    private static final Map<String, String> NIST =
            Map.of("secp256r1", "P-256", "prime256v1", "P-256", "secp384r1", "P-384", "secp521r1", "P-521");
    private static final Map<ASN1ObjectIdentifier, String> OTHERS = Map.of(
            EdECObjectIdentifiers.id_Ed25519, "kind Ed25519",
            EdECObjectIdentifiers.id_Ed448, "kind Ed448",
            EdECObjectIdentifiers.id_X25519, "kind X25519",
            EdECObjectIdentifiers.id_X448, "kind X448",
            X9ObjectIdentifiers.id_dsa, "kind DSA",
            PKCSObjectIdentifiers.id_RSASSA_PSS, "kind RSA-PSS (the key itself, not only the signature)",
            PKCSObjectIdentifiers.dhKeyAgreement, "kind DH");

    private KeyKind() {}

    /** What kind it is, after "key of", where it cannot be used; else null. */
    static @Nullable String unusable(PublicKey key) {
        return unusable(SubjectPublicKeyInfo.getInstance(key.getEncoded()).getAlgorithm());
    }

    static @Nullable String unusable(AlgorithmIdentifier algorithm) {
        ASN1ObjectIdentifier kind = algorithm.getAlgorithm();
        if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return null;
        }
        if (!kind.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return OTHERS.getOrDefault(kind, "the unknown kind " + kind.getId());
        }
        ASN1Encodable parameters = algorithm.getParameters();
        if (parameters == null) {
            // A SEC 1 key may leave its curve to the certificate, which is looked at as well.
            return null;
        }
        if (!(parameters.toASN1Primitive() instanceof ASN1ObjectIdentifier curve)) {
            return "kind EC with a curve written out";
        }
        String name = ECNamedCurveTable.getName(curve);
        return name != null && CURVES.contains(NIST.getOrDefault(name, name))
                ? null
                : "kind EC on the curve " + (name == null ? curve.getId() : name);
    }
}
