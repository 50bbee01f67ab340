package dev.unroot.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every field of a kubeconfig's cluster and user: it works as with kubectl, or is refused in a sentence that names it. */
class KubeconfigTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "RSA, pkcs8",
        "RSA, traditional",
        "secp256r1, pkcs8",
        "secp384r1, pkcs8",
        "secp256r1, traditional",
        "secp256r1, parameters"
    })
    void clientKeysOfEachKindAndFormAreTaken(String kind, String form) throws Exception {
        KeyPair key = key(kind);
        String expected = kind.equals("RSA") ? "RSA" : "EC";
        Files.writeString(folder.resolve("a.crt"), certificate(key));
        Files.writeString(folder.resolve("a.key"), pem(key, form));

        // Relative to the file's folder, as data, and out of a plugin.
        assertOpens("{client-certificate: a.crt, client-key: a.key}", expected);
        assertOpens(
                "{client-certificate-data: " + base64(certificate(key)) + ", client-key-data: " + base64(pem(key, form))
                        + "}",
                expected);
        assertOpens(plugin(key, form), expected);
    }

    private void assertOpens(String user, String algorithm) throws Exception {
        Config config = read(user);
        assertThat(config.getClientKeyAlgo()).isEqualTo(algorithm);
        ClusterConnection.open("1.2.3", new ClusterConfig.Found(config, "test")).close();
    }

    /** It prints a credential, as those of clouds do. */
    private String plugin(KeyPair key, String form) throws Exception {
        String answer =
                "{\"apiVersion\": \"client.authentication.k8s.io/v1\", \"kind\": \"ExecCredential\", \"status\": {"
                        + "\"clientCertificateData\": \"" + certificate(key).replace("\n", "\\n")
                        + "\", \"clientKeyData\": \"" + pem(key, form).replace("\n", "\\n") + "\"}}";
        Path printed = Files.writeString(folder.resolve("credential.json"), answer);
        return "{exec: {apiVersion: client.authentication.k8s.io/v1, command: cat, interactiveMode: Never, args: ["
                + printed + "]}}";
    }

    @Test
    void keysThatCannotBeUsedAreRefusedByTheirField() throws Exception {
        KeyPair edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair usual = key("secp256r1");
        Files.writeString(folder.resolve("a.crt"), certificate(usual));
        Files.writeString(folder.resolve("ed.crt"), certificate(edwards));
        Files.writeString(folder.resolve("ed.key"), pem(edwards, "pkcs8"));
        Files.writeString(folder.resolve("locked.key"), pem(usual, "encrypted"));
        Files.writeString(folder.resolve("other.key"), pem(key("secp256r1"), "pkcs8"));
        Files.writeString(folder.resolve("empty"), "nothing\n");

        refused("{client-certificate: ed.crt, client-key: ed.key}", "client-certificate is for a key of kind Ed25519");
        refused("{client-certificate: a.crt, client-key: ed.key}", "client-key holds a key of kind Ed25519");
        refused("{client-certificate: a.crt, client-key: locked.key}", "client-key holds an encrypted key");
        refused(
                "{client-certificate: a.crt, client-key: other.key}",
                "client-key is not the key of the first certificate");
        refused("{client-certificate: a.crt, client-key: empty}", "client-key holds no private key");
        refused("{client-certificate: a.crt, client-key: absent}", "client-key names ");
        refused("{client-certificate: a.crt}", "client-key is not set, and client-certificate is");
        refused("{client-key: other.key}", "client-certificate is not set, and client-key is");
        refused("{client-certificate: a.crt, client-key-data: '%%%'}", "client-key");
    }

    @Test
    void usersFieldsWorkAsKubectlsOrAreRefusedByName() throws Exception {
        Files.writeString(folder.resolve("token"), "from-file\n");
        assertThat(read("{tokenFile: token, token: other}")
                        .getOauthTokenProvider()
                        .getToken())
                .isEqualTo("from-file");
        Config as = read("{token: t, as: jane, as-groups: [a, b], as-user-extra: {reason: [c]}}");
        assertThat(as.getImpersonateUsername()).isEqualTo("jane");
        assertThat(as.getImpersonateGroups()).containsExactly("a", "b");
        assertThat(as.getImpersonateExtras()).containsEntry("reason", java.util.List.of("c"));

        refused("{tokenFile: absent}", "tokenFile names ");
        refused("{token: \"secret\\n\"}", "token holds a line break");
        refused("{token: t, as: \"jane\\r\"}", "as holds a line break");
        refused("{token: t, as: jane, as-groups: [a, \"b\\n\"]}", "as-groups holds a line break");
        refused("{token: t, as: jane, as-user-extra: {reason: [\"b\\0\"]}}", "as-user-extra holds a line break");
        refused("{token: t, username: u, password: p}", "username is set beside a token");
        refused("{token: t, as: jane, as-uid: '7'}", "as-uid cannot be impersonated");
        refused("{token: t, as-groups: [a]}", "as is not set");
        refused("{auth-provider: {name: gcp}}", "auth-provider is \"gcp\", which kubectl no longer has either");
        String exec = "{exec: {apiVersion: client.authentication.k8s.io/v1, command: 'true', interactiveMode: Never}}";
        refused(exec, "exec gave no credential: true ");
        refused(exec.replace("'true'", "no-such-program-here"), "exec gave no credential: no-such-program-here ");
        refused(exec.replace("/v1,", "/v1alpha1,"), "exec.apiVersion is \"client.authentication.k8s.io/v1alpha1\"");
        refused(exec.replace("Never", "Always"), "exec.interactiveMode is Always");
        refused(exec.replace("Never", "Never, provideClusterInfo: true"), "exec.provideClusterInfo is true");
        refused(exec.replace("command: 'true', ", ""), "exec.command is not set");
    }

    @Test
    void clustersFieldsWorkAsKubectlsOrAreRefusedByName() throws Exception {
        Files.writeString(folder.resolve("ca.crt"), certificate(key("secp256r1")));
        String server = "server: 'https://localhost:1'";
        assertThat(cluster("{" + server + ", certificate-authority: ca.crt}").getCaCertFile())
                .isEqualTo(folder.resolve("ca.crt").toString());
        Config proxied = cluster("{" + server + ", proxy-url: 'http://proxy.example:3128'}");
        assertThat(proxied.getHttpsProxy()).isEqualTo("http://proxy.example:3128");

        refusedCluster("{" + server + ", proxy-url: 'socks5://proxy.example'}", "proxy-url is no http:// address");
        refusedCluster("{" + server + ", proxy-url: 'https://proxy.example'}", "proxy-url is no http:// address");
        refusedCluster("{" + server + ", certificate-authority: absent}", "certificate-authority names absent");
        refusedCluster("{" + server + ", certificate-authority-data: '!!'}", "certificate-authority-data ");
        refusedCluster(
                "{" + server + ", insecure-skip-tls-verify: true, certificate-authority: ca.crt}",
                "insecure-skip-tls-verify is true beside a certificate-authority");
        refusedCluster("{" + server + ", tls-server-name: kubernetes}", "tls-server-name is not known");
        refusedCluster("{certificate-authority: ca.crt}", "server is not set");
        refusedCluster("{server: 'localhost:1', certificate-authority: ca.crt}", "server does not begin with https://");
        refusedCluster("{server: localhost}", "server does not begin with https://");
        refusedCluster("{server: 'ftp://localhost'}", "server does not begin with https://");
        refusedCluster("{server: 'https://localhost:99999'}", "server has no host, or a port that is none");
        refusedCluster("{server: 'https://'}", "server is no address");
        refusedCluster("{server: 'https://a b'}", "server is no address");
    }

    /** Where the client would go on with an address of its own. */
    @Test
    void whatAContextNamesHasToBeThere() throws Exception {
        String whole = file("{server: 'https://localhost:1'}", "{token: t}");
        refusedFile(whole.replace("current-context: here", "current-context: there"), "\"there\" under contexts");
        refusedFile(whole.replace("cluster: here", "cluster: there"), "\"there\" under clusters");
        refusedFile(whole.replace("user: me}", "user: you}"), "\"you\" under users");
    }

    @Test
    void whatIsNoKubeconfigIsTold() throws Exception {
        String whole = file("{server: 'https://localhost:1'}", "{token: t}");
        refusedFile(whole.replace("{token: t}", "&a {token: *a}"), "contains itself by an anchor");
        refusedFile(whole.replace("clusters: [", "clusters: [null, "), "has an empty entry under clusters");
        refusedFile(whole.replace("users: [", "users: [null, "), "has an empty entry under users");
        refusedFile(whole.replace("contexts: [", "contexts: [null, "), "has an empty entry under contexts");
    }

    /** What a refused header's exception quotes may be a token. */
    @Test
    void noCredentialIsTold() throws Exception {
        assertThat(ClusterException.reason(
                        new IllegalArgumentException("invalid header value: \"Bearer secret\\n\""), null))
                .isEqualTo("IllegalArgumentException");
        Path file = Files.writeString(folder.resolve("token"), "first");
        TokenFile token = new TokenFile(file);
        assertThat(token.getToken()).isEqualTo("first");
        Files.writeString(file, "two\nlines");
        assertThat(token.getToken()).isEqualTo("first");
    }

    /** Nobody's role can mend that. */
    @Test
    void anUnknownCredentialIsNotBlamedOnTheRole() {
        assertThat(ClusterException.answered(401, "Unauthorized", "list on pods"))
                .contains("does not know the credential")
                .doesNotContain("role");
        assertThat(ClusterException.answered(
                        403, "pods is forbidden: User \"system:anonymous\" cannot list", "list on pods"))
                .contains("does not know the credential")
                .doesNotContain("role");
        assertThat(ClusterException.answered(403, "pods is forbidden: User \"jane\" cannot list", "list on pods"))
                .endsWith("Unroot's role has to allow list on pods");
    }

    private void refused(String user, String sentence) throws Exception {
        refusedFile(file("{server: 'https://localhost:1'}", user), "users[me]." + sentence);
    }

    private void refusedCluster(String cluster, String sentence) throws Exception {
        refusedFile(file(cluster, "{token: t}"), "clusters[here]." + sentence);
    }

    private void refusedFile(String text, String sentence) throws Exception {
        assertThatThrownBy(() -> load(text))
                .as(text)
                .isInstanceOf(ClusterException.class)
                .hasMessageStartingWith("kubeconfig " + folder.resolve("config"))
                .hasMessageContaining(sentence);
    }

    private Config read(String user) throws Exception {
        return load(file("{server: 'https://localhost:1'}", user));
    }

    private Config cluster(String cluster) throws Exception {
        return load(file(cluster, "{token: t}"));
    }

    private Config load(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("config"), text);
        return new ClusterConfig(Map.of("KUBECONFIG", file.toString()), folder, folder)
                .find()
                .config();
    }

    private static String file(String cluster, String user) {
        return """
            apiVersion: v1
            kind: Config
            current-context: here
            contexts: [{name: here, context: {cluster: here, user: me}}]
            clusters: [{name: here, cluster: %s}]
            users: [{name: me, user: %s}]
            """.formatted(cluster, user);
    }

    private static KeyPair key(String kind) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.equals("RSA") ? "RSA" : "EC");
        if (kind.equals("RSA")) {
            generator.initialize(2048);
        } else {
            generator.initialize(new ECGenParameterSpec(kind));
        }
        return generator.generateKeyPair();
    }

    private static String certificate(KeyPair key) throws Exception {
        X500Name name = new X500Name("CN=test");
        Instant now = Instant.now();
        String algorithm =
                switch (key.getPrivate().getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "Ed25519";
                };
        return written(new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now.minus(Duration.ofHours(1))),
                        Date.from(now.plus(Duration.ofDays(1))),
                        name,
                        key.getPublic())
                .build(new JcaContentSignerBuilder(algorithm).build(key.getPrivate())));
    }

    private static String pem(KeyPair key, String form) throws Exception {
        return switch (form) {
            case "pkcs8" -> written(new JcaPKCS8Generator(key.getPrivate(), null));
            case "encrypted" ->
                written(new JcaPKCS8Generator(
                        key.getPrivate(),
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPassword("secret".toCharArray())
                                .build()));
            case "parameters" ->
                written(new PemObject("EC PARAMETERS", SECObjectIdentifiers.secp256r1.getEncoded()))
                        + written(key.getPrivate());
            default -> written(key.getPrivate());
        };
    }

    private static String written(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return text.toString();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
