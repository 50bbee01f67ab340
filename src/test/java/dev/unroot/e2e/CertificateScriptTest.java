package dev.unroot.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.TrustingClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code certs/make-certificate.sh}, and that {@code serve} starts with what it makes. */
class CertificateScriptTest {
    private static final String SCRIPT =
            Path.of("certs/make-certificate.sh").toAbsolutePath().toString();
    private static final Pattern ADDRESS = Pattern.compile("https://127\\.0\\.0\\.1:\\d+/validate");

    @TempDir
    private Path folder;

    @BeforeEach
    void needsOpenssl() {
        Programs.require("bash", "openssl");
    }

    private Programs.Result script(String... arguments) throws Exception {
        return Programs.run(
                folder,
                Stream.concat(Stream.of("bash", SCRIPT), Stream.of(arguments)).toList());
    }

    @Test
    void makesACertificateForTheNamesThatItsCaSigned() throws Exception {
        Path made = folder.resolve("made");

        Programs.Result result = script(made.toString(), "webhook.example", "127.0.0.1", "::1");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        try (Stream<Path> files = Files.list(made)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("ca.crt", "tls.crt", "tls.key");
        }
        assertThat(permissions(made.resolve("tls.key"))).isEqualTo("rw-------");
        X509Certificate ca = certificate(made.resolve("ca.crt"));
        X509Certificate server = certificate(made.resolve("tls.crt"));
        server.verify(ca.getPublicKey());
        // A CA that may sign no other, and a certificate that is no CA.
        assertThat(ca.getBasicConstraints()).isZero();
        assertThat(server.getBasicConstraints()).isEqualTo(-1);
        assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(server.getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("webhook.example", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(server.getNotAfter().toInstant()).isAfter(Instant.now().plus(Duration.ofDays(364)));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static X509Certificate certificate(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void overwritesNothing() throws Exception {
        Path made = Files.createDirectory(folder.resolve("made"));
        Files.writeString(made.resolve("tls.key"), "precious");

        Programs.Result result = script(made.toString(), "webhook.example");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains(made.resolve("tls.key") + " is there already");
        assertThat(Files.readString(made.resolve("tls.key"))).isEqualTo("precious");
    }

    @Test
    void aLinkThatLeadsNowhereIsNotOverwrittenEither() throws Exception {
        Path made = Files.createDirectory(folder.resolve("made"));
        Path key = Files.createSymbolicLink(made.resolve("tls.key"), folder.resolve("elsewhere"));

        Programs.Result result = script(made.toString(), "webhook.example");

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).contains(key + " is there already");
        assertThat(key).isSymbolicLink();
        assertThat(made.resolve("tls.crt")).doesNotExist();
    }

    /** Whatever the umask: who may not read the key still has to get at the certificates. */
    @Test
    void onlyTheKeyIsASecret() throws Exception {
        Path made = folder.resolve("parent/made");

        Programs.Result result = Programs.run(
                folder,
                List.of(
                        "bash",
                        "-c",
                        "umask 077; exec \"$@\"",
                        "umask",
                        "bash",
                        SCRIPT,
                        made.toString(),
                        "webhook.example"));

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(permissions(made.getParent())).isEqualTo("rwxr-xr-x");
        assertThat(permissions(made)).isEqualTo("rwxr-xr-x");
        assertThat(permissions(made.resolve("ca.crt"))).isEqualTo("rw-r--r--");
        assertThat(permissions(made.resolve("tls.crt"))).isEqualTo("rw-r--r--");
        assertThat(permissions(made.resolve("tls.key"))).isEqualTo("rw-------");
    }

    @Test
    void takesANameOnce() throws Exception {
        Path made = folder.resolve("made");

        Programs.Result result = script(
                made.toString(),
                "webhook.example",
                "Webhook.Example",
                "hook.example",
                "FE80::1",
                "fe80::1",
                "hook.example");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(certificate(made.resolve("tls.crt")).getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("webhook.example", "hook.example", "fe80:0:0:0:0:0:0:1");
    }

    @Test
    void refusesWhatIsNoName() throws Exception {
        for (String name : List.of(
                "a,DNS:b",
                "300.1.1.1",
                "1.2.3",
                "1.2.3.4.5",
                "a..b",
                "-a",
                "a-.b",
                "a".repeat(64),
                "*.example",
                "",
                "1::2::3",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7::8",
                "12345::1",
                "::1.2.3.256",
                "010.1.1.1",
                "1.1.1.00",
                "::ffff:010.1.1.1",
                "[::1]",
                "fe80::1%eth0",
                "webhook.example.",
                ":1")) {
            Programs.Result result = script(folder.resolve("made").toString(), "webhook.example", name);
            assertThat(result.err())
                    .isEqualTo("\"" + name
                            + "\" is neither a host name nor an IP address: write it without brackets, zone,"
                            + " leading zeros or final dot; wildcards are not taken\n");
            assertThat(result.exit()).isEqualTo(2);
            assertThat(folder.resolve("made")).doesNotExist();
        }
    }

    @Test
    void saysHowItIsUsed() throws Exception {
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("made"),
                List.of("", "webhook.example"),
                List.of("-x", "webhook.example"),
                List.of("--", "webhook.example"),
                List.of("--", "made", "webhook.example"))) {
            Programs.Result usage = script(wrong.toArray(String[]::new));
            assertThat(usage.exit()).as(wrong.toString()).isEqualTo(2);
            assertThat(usage.out()).isEmpty();
            assertThat(usage.err()).contains("make-certificate.sh FOLDER NAME...");
        }
        for (String help : List.of("-h", "--help")) {
            Programs.Result usage = script(help, "webhook.example");
            assertThat(usage.exit()).isZero();
            assertThat(usage.out())
                    .contains("make-certificate.sh FOLDER NAME...")
                    .doesNotContain("set -euo");
            assertThat(usage.err()).isEmpty();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void takesEveryFormOfAnAddress() throws Exception {
        Path made = folder.resolve("made");
        Programs.Result result = script(
                made.toString(),
                "::",
                "1::",
                "2001:db8::1",
                "1:2:3:4:5:6:7:8",
                "::ffff:192.0.2.7",
                "192.0.2.7",
                "x1",
                "3com.example");

        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(certificate(made.resolve("tls.crt")).getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(0))
                .containsExactly(7, 7, 7, 7, 7, 7, 2, 2);
    }

    @Test
    void aFailureLeavesNothingBehind() throws Exception {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        Path openssl = Files.writeString(programs.resolve("openssl"), "#!/bin/sh\necho no entropy >&2\nexit 1\n");
        Files.setPosixFilePermissions(openssl, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));

        Programs.Result result = Programs.run(
                folder,
                List.of(
                        "env",
                        "PATH=" + programs + ":" + System.getenv("PATH"),
                        "TMPDIR=" + temporary,
                        "bash",
                        SCRIPT,
                        folder.resolve("made").toString(),
                        "webhook.example"));

        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("openssl could not make the certificate:\nno entropy\n");
        assertThat(folder.resolve("made")).doesNotExist();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void serveStartsWithIt() throws Exception {
        Path made = folder.resolve("made");
        assertThat(script(made.toString(), "127.0.0.1").exit()).isZero();
        Path configuration = Files.writeString(
                folder.resolve("unroot.yaml"), """
                apiVersion: unroot.dev/v1
                kind: UnrootConfiguration
                certificates: {certFile: "%s", keyFile: "%s"}
                """.formatted(made.resolve("tls.crt"), made.resolve("tls.key")));
        Process webhook = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.unroot.Main",
                        "serve",
                        "--standalone",
                        "--config",
                        configuration.toString(),
                        "--port=0",
                        "--management-port=0")
                .redirectErrorStream(true)
                .start();
        try {
            HttpClient client = TrustingClient.of(Files.readString(made.resolve("ca.crt")));
            HttpRequest request = HttpRequest.newBuilder(URI.create(address(webhook)))
                    .timeout(Duration.ofSeconds(60))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(
                            Files.readString(Path.of("manifests/reviews/admitted.json"))))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
        } finally {
            webhook.destroyForcibly().waitFor();
        }
    }

    /** Reads until it says where it listens, or ends. */
    private static String address(Process webhook) throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(webhook.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                return address.group();
            }
        }
        throw new AssertionError(said.toString());
    }

    /** What the folder's page tells people to run is what there is. */
    @Test
    void thePageNamesTheScript() throws Exception {
        assertThat(Files.readString(Path.of("certs/README.md"))).contains("certs/make-certificate.sh");
        assertThat(Path.of(SCRIPT)).isExecutable();
    }
}
