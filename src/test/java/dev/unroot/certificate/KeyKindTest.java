package dev.unroot.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of key that tools make: it is served, or refused by its name, with the file. */
class KeyKindTest {
    private static final Provider MAKER = new BouncyCastleProvider();

    private static final SecureRandom RANDOM = new SecureRandom();
    private static KeyPair issuer;

    @BeforeAll
    static void makeIssuer() throws Exception {
        issuer = key("RSA", "2048");
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"RSA, 2048", "EC, secp256r1", "EC, secp384r1", "EC, secp521r1"})
    void usualKeysAreTaken(String algorithm, String parameter) throws Exception {
        PemFiles files = write(key(algorithm, parameter), "");
        assertThat(files.read(Clock.systemUTC()).certificate().getPublicKey().getAlgorithm())
                .isEqualTo(algorithm);
    }

    /** As {@code openssl ecparam -genkey} writes it. */
    @Test
    void whatStandsBeforeTheKeyIsPassedOver() throws Exception {
        StringWriter parameters = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(parameters)) {
            writer.writeObject(new PemObject("EC PARAMETERS", SECObjectIdentifiers.secp256r1.getEncoded()));
        }
        PemFiles files = write(key("EC", "secp256r1"), parameters.toString());
        assertThat(files.read(Clock.systemUTC())).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Ed25519, '', kind Ed25519",
        "Ed448, '', kind Ed448",
        "DSA, 2048, kind DSA",
        "RSASSA-PSS, 2048, kind RSA-PSS",
        "EC, secp256k1, kind EC on the curve secp256k1",
        "EC, brainpoolP256r1, kind EC on the curve brainpoolP256r1",
        "EC, secp224r1, kind EC on the curve"
    })
    void othersAreRefusedByKindAndFile(String algorithm, String parameter, String kind) throws Exception {
        PemFiles files = write(key(algorithm, parameter), "");
        assertThatThrownBy(() -> files.read(Clock.systemUTC()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(files.chainFile() + " is for a key of " + kind)
                .hasMessageEndingWith(", which TLS in Java does not use: use RSA or EC P-256");

        PemFiles usual = write(key("RSA", "2048"), "");
        PemFiles mixed = new PemFiles(usual.chainFile(), files.keyFile());
        assertThatThrownBy(() -> mixed.read(Clock.systemUTC()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(files.keyFile() + " holds a key of " + kind);
    }

    private static KeyPair key(String algorithm, String parameter) throws Exception {
        if (algorithm.equals("EC")) {
            // Java knows its three curves alone.
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, MAKER);
            generator.initialize(new ECGenParameterSpec(parameter), RANDOM);
            return generator.generateKeyPair();
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (!parameter.isEmpty()) {
            generator.initialize(Integer.parseInt(parameter), RANDOM);
        }
        return generator.generateKeyPair();
    }

    private PemFiles write(KeyPair key, String before) throws Exception {
        X500Name name = new X500Name("CN=test");
        Instant now = Instant.now();
        Path chain = Files.createTempFile(folder, "chain", ".crt");
        Path secret = Files.createTempFile(folder, "secret", ".key");
        Files.writeString(
                chain,
                pem(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minus(Duration.ofHours(1))),
                                Date.from(now.plus(Duration.ofDays(1))),
                                name,
                                key.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withRSA").build(issuer.getPrivate()))));
        Files.writeString(secret, before + pem(new JcaPKCS8Generator(key.getPrivate(), null)));
        return new PemFiles(chain, secret);
    }

    private static String pem(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return text.toString();
    }
}
