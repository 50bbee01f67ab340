package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.TestAuthority;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.place.ClientCertificate;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.HostTls;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import dev.unroot.registry.remote.OddCertificates.Wish;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which TLS fails is told as what it is, with its own cure: real handshakes, with certificates made for it. */
class TlsCausesTest extends RegistryTestBase {
    private static final String NAME = "registry.test";
    private static final OddCertificates AUTHORITY = OddCertificates.selfSigned(Wish.authority("CN=authority"));
    private static final Instant DAY_BEFORE =
            OddCertificates.NOW.minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
    private static final Instant DAY_AFTER =
            OddCertificates.NOW.plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    Path folder;

    private LookupException asked(int port, RegistryOptions options) {
        String host = NAME + ":" + port;
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(options))
                .with((HostResolver) name -> InetAddress.getAllByName("127.0.0.1"))
                .build());
        LookupException failure = failure(client.manifest(pull(host + "/app:1"), "1"));
        assertThat(failure.reason()).doesNotContain("null");
        return failure;
    }

    private RegistryOptions options(int port) {
        try {
            Path file = Files.writeString(folder.resolve("authority.pem"), AUTHORITY.chain());
            return TestRegistryOptions.of(NAME + ":" + port)
                    .withAllowPrivate()
                    .withCaFile(file)
                    .build();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertTold(int port, RegistryOptions options, String lead, String clause, String fix) {
        LookupException failure = asked(port, options);
        assertThat(failure.reason())
                .isEqualTo("registry %1$s:%2$d %3$s for %1$s:%2$d/app:1: %4$s".formatted(NAME, port, lead, clause));
        assertThat(failure.why()).isEqualTo(UnknownCause.TLS);
        assertThat(failure.toFacts().fix()).isEqualTo(fix);
    }

    private void assertDistrusted(OddCertificates certificate, String clause, String fix) {
        TestRegistry server = closing(TestRegistry.https(
                vertx, new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.serverOptions())));
        assertTold(server.port(), options(server.port()), "could not prove by TLS who it is", clause, fix);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aGoodCertificateIsBelieved() {
        TestRegistry server = closing(TestRegistry.https(
                vertx,
                new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(AUTHORITY.issue(Wish.server(NAME)).serverOptions())));
        assertThat(asked(server.port(), options(server.port())).why()).isEqualTo(UnknownCause.NOT_FOUND);
    }

    @Test
    void expired() {
        assertDistrusted(
                AUTHORITY.issue(Wish.server(NAME).within(DAY_BEFORE.minusSeconds(60), DAY_BEFORE)),
                "its certificate expired at " + DAY_BEFORE,
                "Have whoever runs it renew that certificate");
    }

    @Test
    void expiredInBetween() {
        OddCertificates middle =
                AUTHORITY.issue(Wish.authority("CN=between").within(DAY_BEFORE.minusSeconds(60), DAY_BEFORE));
        assertDistrusted(
                middle.issue(Wish.server(NAME)).sendingAlong(middle),
                "a CA's certificate that it sends expired at " + DAY_BEFORE,
                "Have whoever runs it renew that certificate");
    }

    @Test
    void notYetValid() {
        assertDistrusted(
                AUTHORITY.issue(Wish.server(NAME).within(DAY_AFTER, DAY_AFTER.plusSeconds(60))),
                "its certificate is not valid before " + DAY_AFTER,
                "Look at the clocks, there and on this node");
    }

    @Test
    void forAnotherName() {
        assertDistrusted(
                AUTHORITY.issue(Wish.server("other.test")),
                "its certificate is for other names",
                "Use a name that its certificate is for, or have one made for this name");
    }

    /** Java by itself believes it; no container runtime does. */
    @Test
    void nameInTheCommonNameAlone() {
        assertDistrusted(
                AUTHORITY.issue(Wish.server(NAME).withoutNames()),
                "its certificate has no subject alternative names, and a common name alone counts no more",
                "Have its certificate made again with its name among the subject alternative names");
    }

    @Test
    void byAnUnknownAuthority() {
        OddCertificates stranger = OddCertificates.selfSigned(Wish.authority("CN=stranger"));
        assertDistrusted(
                stranger.issue(Wish.server(NAME)).sendingAlong(stranger),
                "its certificate is by a CA that is not trusted for it",
                "Configure the registry's CA under imageLookup.registries");
    }

    @Test
    void withAChainThatIsNotWhole() {
        assertDistrusted(
                AUTHORITY.issue(Wish.authority("CN=between")).issue(Wish.server(NAME)),
                "its certificate is by a CA that is not trusted for it, or it does not send its whole chain",
                "Configure the registry's CA under imageLookup.registries, or have it send its whole chain");
    }

    @Test
    void byANewAuthorityOfTheOldName() {
        assertDistrusted(
                OddCertificates.selfSigned(Wish.authority("CN=authority")).issue(Wish.server(NAME)),
                "its certificate is by another CA than the trusted one of the same name",
                "Put the CA that it has now into caFile under imageLookup.registries");
    }

    @Test
    void signedByItself() {
        assertDistrusted(
                OddCertificates.selfSigned(Wish.server(NAME)),
                "its certificate is signed by itself, and not trusted",
                "Configure the registry's CA under imageLookup.registries");
    }

    @Test
    void forClientsAlone() {
        assertDistrusted(
                AUTHORITY.issue(Wish.server(NAME).forPurpose(KeyPurposeId.id_kp_clientAuth)),
                "its certificate is not for servers: its key usage does not allow it",
                "Have its certificate made again for servers (extended key usage serverAuth)");
    }

    @Test
    void tooWeaklySigned() {
        assertDistrusted(
                AUTHORITY.issue(Wish.server(NAME).signedBy("MD5withRSA")),
                "its certificate has a key or a signature that is too weak for Java",
                "Have its certificate made again with a key and a signature of today (RSA 2048 or EC, SHA-256)");
    }

    @Test
    void signedByWhoIsNoAuthority() {
        OddCertificates noAuthority = AUTHORITY.issue(Wish.server("someone.test"));
        assertDistrusted(
                noAuthority.issue(Wish.server(NAME)).sendingAlong(noAuthority),
                "its certificates break the rules for chains",
                "Have whoever runs it mend its chain of certificates");
    }

    private TestRegistry askingForCertificates(TestAuthority clients, String... protocols) {
        return closing(TestRegistry.https(
                vertx,
                new HttpServerOptions()
                        .setSsl(true)
                        .setEnabledSecureTransportProtocols(Set.of(protocols))
                        .setKeyCertOptions(AUTHORITY.issue(Wish.server(NAME)).serverOptions())
                        .setClientAuth(ClientAuth.REQUIRED)
                        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(clients.certificate())))));
    }

    @Test
    void clientCertificateMissing() {
        String clause = "it asks for a client certificate, and none is configured for it";
        String fix = "Set clientCertFile and clientKeyFile of that host under imageLookup.registries";
        // Servers before TLS 1.3 say bad_certificate, or handshake_failure, which they say of much else too.
        assertNoTalk(alert(42), null, clause, fix);
        TestRegistry server = askingForCertificates(new TestAuthority("clients"), "TLSv1.3");
        assertTold(server.port(), options(server.port()), "could not be talked to", clause, fix);
    }

    @Test
    void clientCertificateRefused() throws IOException {
        TestAuthority.Issued stranger =
                new TestAuthority("clients").client("unroot").writeTo(folder, "client");
        assertThat(stranger.key()).isNotEmpty();
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            TestRegistry server = askingForCertificates(new TestAuthority("clients"), protocol);
            RegistryOptions options = options(server.port());
            HostTls tls = new HostTls(
                    new ConfiguredFile(folder.resolve("authority.pem"), "ca"),
                    new ClientCertificate(
                            new ConfiguredFile(folder.resolve("client.crt"), "cert"),
                            new ConfiguredFile(folder.resolve("client.key"), "key")));
            assertTold(
                    server.port(),
                    TestRegistryOptions.from(options).withTls(tls).build(),
                    "could not be talked to",
                    "it refused the client certificate that is configured for it",
                    "Put a client certificate that it takes into clientCertFile of that host under"
                            + " imageLookup.registries");
        }
    }

    /** Answers whatever comes with these bytes. */
    private int answering(byte[] bytes) {
        NetServer server = TestRegistry.await(vertx.createNetServer(new NetServerOptions())
                .connectHandler(socket -> socket.handler(first -> socket.end(Buffer.buffer(bytes))))
                .listen(0, "127.0.0.1"));
        closing(() -> TestRegistry.await(server.close()));
        return server.actualPort();
    }

    private void assertNoTalk(byte[] answer, @Nullable RegistryOptions options, String clause, String fix) {
        int port = answering(answer);
        RegistryOptions asked = options == null ? options(port) : options;
        assertTold(port, asked, "could not be talked to", clause, fix);
    }

    private static byte[] alert(int description) {
        return HexFormat.of().parseHex("1503010002" + "02" + HexFormat.of().toHexDigits((byte) description));
    }

    @Test
    void tooOldAProtocol() {
        String fix = "Have whoever runs it allow TLS 1.2 or 1.3";
        // An alert protocol_version, and a ServerHello that chooses TLS 1.0.
        assertNoTalk(alert(70), null, "it speaks no TLS as new as 1.2", fix);
        assertNoTalk(
                HexFormat.of().parseHex("160301002a" + "02000026" + "0301" + "00".repeat(32) + "00" + "c013" + "00"),
                null,
                "it speaks no TLS as new as 1.2",
                fix);
    }

    @Test
    void nothingInCommon() {
        assertNoTalk(
                alert(40),
                null,
                "there is no cipher that both allow, or it misses a client certificate",
                "Have whoever runs it allow ciphers of today, or set clientCertFile of that host under"
                        + " imageLookup.registries");
    }

    @Test
    void aNameThatIsNotServed() {
        assertNoTalk(
                alert(112),
                null,
                "it serves nothing by that name",
                "Use a name that its certificate is for, or have one made for this name");
    }

    @Test
    void anyOtherAlert() {
        assertNoTalk(
                alert(80), null, "the handshake failed", "Configure the registry's CA under imageLookup.registries");
    }

    @Test
    void plainHttpWhereTlsIsSpoken() {
        TestRegistry plain = http();
        assertTold(
                plain.port(),
                options(plain.port()),
                "could not be talked to",
                "what answers there speaks no TLS",
                "Correct host and port, or set plainHttp for that host under imageLookup.registries");
    }

    @Test
    void tlsWherePlainHttpIsSpoken() {
        String clause = "what answers there speaks TLS alone, and was asked in plain HTTP";
        String fix = "Remove plainHttp of that host under imageLookup.registries";
        int go = answering(TestRegistry.bytes(
                "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"));
        int nginx = answering(
                TestRegistry.bytes("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nContent-Length: 76\r\n\r\n"
                        + "<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title>"));
        for (int port : List.of(go, nginx)) {
            RegistryOptions options = TestRegistryOptions.of(NAME + ":" + port)
                    .withAllowPrivate()
                    .withPlainHttp()
                    .build();
            assertTold(port, options, "could not be talked to", clause, fix);
        }
    }

    /** An alert unexpected_message: what it is cannot be told from any other answer that is none. */
    @Test
    void whatIsNoHttpMayBeTls() {
        int port = answering(alert(10));
        LookupException failure = asked(
                port,
                TestRegistryOptions.of(NAME + ":" + port)
                        .withAllowPrivate()
                        .withPlainHttp()
                        .build());
        assertThat(failure.why()).isEqualTo(UnknownCause.MALFORMED);
        assertThat(failure.toFacts().fix())
                .isEqualTo(
                        "Check that a registry listens at that host and port, and without TLS: else remove plainHttp of"
                                + " that host under imageLookup.registries");
    }
}
