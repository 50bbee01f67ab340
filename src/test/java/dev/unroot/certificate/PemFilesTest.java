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
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemFilesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    private Path folder;

    @Test
    void selfSignedNamesLoopbackAndWhatIsAsked() throws Exception {
        SelfSigned made = SelfSigned.create(List.of("unroot.unroot.svc", "10.1.2.3"), CLOCK);

        assertThat(made.certificate().certificate().getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "unroot.unroot.svc", "10.1.2.3");
        assertThat(made.certificate().notAfter()).isEqualTo(NOW.plus(Duration.ofDays(365)));
        assertThat(made.caPem()).startsWith("-----BEGIN CERTIFICATE-----").doesNotContain("PRIVATE");
        assertThat(made.certificate().toString()).doesNotContain("PRIVATE");
    }

    private static KeyPair key(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private static X509CertificateHolder certificate(KeyPair key, Duration validFor) throws Exception {
        X500Name name = new X500Name("CN=test");
        return new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.TEN,
                        Date.from(NOW.minus(Duration.ofDays(30))),
                        Date.from(NOW.plus(validFor)),
                        name,
                        key.getPublic())
                .build(new JcaContentSignerBuilder(
                                key.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA")
                        .build(key.getPrivate()));
    }

    private Path write(String name, Object... parts) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object part : parts) {
                writer.writeObject(part);
            }
        }
        return Files.writeString(folder.resolve(name), text.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "EC, false, BEGIN EC PRIVATE KEY",
        "EC, true, BEGIN PRIVATE KEY",
        "RSA, false, BEGIN RSA PRIVATE KEY",
        "RSA, true, BEGIN PRIVATE KEY"
    })
    void readsEveryKindOfKey(String algorithm, boolean pkcs8, String header) throws Exception {
        KeyPair key = key(algorithm);
        X509CertificateHolder certificate = certificate(key, Duration.ofDays(1));
        X509CertificateHolder other = certificate(key(algorithm), Duration.ofDays(1));
        Path chain = write("tls.crt", certificate, other);
        Path keyFile = write("tls.key", pkcs8 ? new JcaPKCS8Generator(key.getPrivate(), null) : key);
        assertThat(Files.readString(keyFile)).contains(header);

        CertifiedKey read = new PemFiles(chain, keyFile).read(CLOCK);

        assertThat(read.certificate().getEncoded()).isEqualTo(certificate.getEncoded());
        assertThat(read.notAfter()).isEqualTo(NOW.plus(Duration.ofDays(1)));
    }

    /** As openssl writes it: the curve stands in the key. */
    @Test
    void readsAnEcKeyThatNamesItsCurve() throws Exception {
        KeyPair key = key("EC");
        ECPrivateKey named = new ECPrivateKey(
                256, ((java.security.interfaces.ECPrivateKey) key.getPrivate()).getS(), SECObjectIdentifiers.secp256r1);
        Path chain = write("tls.crt", certificate(key, Duration.ofDays(1)));
        Path keyFile = write("tls.key", new PemObject("EC PRIVATE KEY", named.getEncoded()));

        assertThat(new PemFiles(chain, keyFile).read(CLOCK).certificate().getPublicKey())
                .isEqualTo(key.getPublic());
    }

    @Test
    void saysWhatIsWrongWithWhichFile() throws Exception {
        KeyPair key = key("EC");
        Path chain = write("tls.crt", certificate(key, Duration.ofDays(1)));
        Path keyFile = write("tls.key", key);
        Path missing = folder.resolve("missing.pem");

        assertRefused(new PemFiles(missing, keyFile), missing + " does not exist");
        assertRefused(new PemFiles(chain, missing), missing + " does not exist");
        assertRefused(new PemFiles(folder, keyFile), folder + " cannot be read");
        assertRefused(new PemFiles(keyFile, keyFile), keyFile + " holds no certificate");
        assertRefused(new PemFiles(chain, chain), chain + " holds no private key");
        Path der = Files.write(
                folder.resolve("tls.der"), certificate(key, Duration.ofDays(1)).getEncoded());
        assertRefused(new PemFiles(der, keyFile), der + " is not text: a PEM file is needed");
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        assertRefused(new PemFiles(empty, keyFile), empty + " holds no certificate");
        Path broken = Files.writeString(
                folder.resolve("broken.pem"), "-----BEGIN CERTIFICATE-----\nMIIBsecret\n-----END CERTIFICATE-----\n");
        assertRefused(new PemFiles(broken, keyFile), broken + " holds a PEM block that cannot be read");
        Path other = write("other.key", key("EC"));
        assertRefused(new PemFiles(chain, other), other + " is not the key of the first certificate in " + chain);
        Path rsa = write("rsa.key", key("RSA"));
        assertRefused(new PemFiles(chain, rsa), rsa + " is not the key of");
        Path old = write("old.crt", certificate(key, Duration.ofDays(-1)));
        assertRefused(new PemFiles(old, keyFile), old + ": its first certificate expired at 2026-11-21T12:00:00Z");
        Path huge = Files.write(folder.resolve("huge.pem"), new byte[(1 << 20) + 1]);
        assertRefused(new PemFiles(huge, keyFile), huge + " is larger than 1 MiB");
    }

    @Test
    void refusesEncryptedKeys() throws Exception {
        KeyPair key = key("EC");
        Path chain = write("tls.crt", certificate(key, Duration.ofDays(1)));
        Path encrypted = Files.writeString(folder.resolve("encrypted.key"), """
                -----BEGIN EC PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF

                AAECAwQFBgcICQoLDA0ODw==
                -----END EC PRIVATE KEY-----
                """);

        assertRefused(new PemFiles(chain, encrypted), encrypted + " holds an encrypted key");
    }

    private static void assertRefused(PemFiles files, String sentence) {
        assertThatThrownBy(() -> files.read(CLOCK))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(sentence)
                .satisfies(e -> assertThat(Stream.of("MII", "PRIVATE KEY-----")).noneMatch(e.getMessage()::contains));
    }
}
