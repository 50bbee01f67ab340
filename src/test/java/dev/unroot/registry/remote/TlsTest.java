package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.TestAuthority;
import dev.unroot.model.ConfiguredFile;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.ClientCertificate;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.HostTls;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest extends RegistryTestBase {
    private static final TestCertificate CERTIFICATE = TestCertificate.of("registry.test");

    @TempDir
    Path folder;

    private RemoteRegistry client(RegistryOptions registry) {
        return client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(registry))
                .with((HostResolver) host -> InetAddress.getAllByName("127.0.0.1"))
                .build());
    }

    private TestRegistry https() {
        TestRegistry registry = closing(TestRegistry.https(vertx, CERTIFICATE));
        registry.image("app", "1", "1000");
        return registry;
    }

    private static String distrusted(String host) {
        return ("registry %1$s could not prove by TLS who it is for %1$s/app:1: its certificate is by a CA that is not"
                        + " trusted for it, or it does not send its whole chain")
                .formatted(host);
    }

    @Test
    void believesTheConfiguredAuthority() {
        TestRegistry registry = https();
        Digest digest = registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        RegistryOptions options = TestRegistryOptions.of(host)
                .withAllowPrivate()
                .withCaFile(CERTIFICATE.authorityIn(folder))
                .build();

        assertThat(get(client(options).manifest(pull(host + "/app:1"), "1")).digest())
                .isEqualTo(digest.toString());
    }

    @Test
    void believesNobodyElse() {
        TestRegistry registry = https();
        String host = registry.host("registry.test");

        assertFailure(
                client(TestRegistryOptions.of(host).withAllowPrivate().build()).manifest(pull(host + "/app:1"), "1"),
                UnknownCause.TLS,
                distrusted(host));
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void theNameInTheCertificateMustBeTheRegistrys() {
        TestRegistry registry = https();
        String host = registry.host("other.test");
        RegistryOptions options = TestRegistryOptions.of(host)
                .withAllowPrivate()
                .withCaFile(CERTIFICATE.authorityIn(folder))
                .build();

        assertFailure(
                client(options).manifest(pull(host + "/app:1"), "1"),
                UnknownCause.TLS,
                "registry %1$s could not prove by TLS who it is for %1$s/app:1: its certificate is for other names"
                        .formatted(host));
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void anAuthorityOfOneHostIsNotBelievedForAnother() {
        TestRegistry registry = https();
        String host = registry.host("registry.test");
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(
                        TestRegistryOptions.of(host).withAllowPrivate().build(),
                        TestRegistryOptions.of("other.test")
                                .withCaFile(CERTIFICATE.authorityIn(folder))
                                .build()))
                .with((HostResolver) name -> InetAddress.getAllByName("127.0.0.1"))
                .build());

        assertFailure(client.manifest(pull(host + "/app:1"), "1"), UnknownCause.TLS, distrusted(host));
    }

    @Test
    void aRegistryThatSpeaksNoTlsIsNotAskedInPlain() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        String host = registry.host("registry.test");

        assertThat(failure(client(TestRegistryOptions.of(host)
                                        .withAllowPrivate()
                                        .build())
                                .manifest(pull(host + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.TLS);
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void aFileWithoutCertificatesIsAMistakeInTheConfiguration() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path wrong = Files.writeString(folder.resolve("wrong.pem"), "not a certificate");
        Path missing = folder.resolve("missing.pem");
        List<RegistryOptions> registries = new ArrayList<>();
        for (Path file : List.of(empty, wrong, missing)) {
            registries.add(TestRegistryOptions.of("registry" + registries.size() + ".test")
                    .withTls(new HostTls(
                            new ConfiguredFile(file, "unroot.yaml:" + (7 + registries.size()) + ": key"), null))
                    .build());
        }
        assertThatThrownBy(() -> client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                        .with(registries)
                        .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unroot.yaml:7: key: " + empty + " holds no certificate: it needs PEM blocks")
                .hasMessageContaining("unroot.yaml:8: key: " + wrong + " holds ")
                .hasMessageContaining("unroot.yaml:9: key: " + missing + " does not exist");
    }

    @Test
    void aBundleMayHoldSeveralAuthorities() throws IOException {
        TestRegistry registry = https();
        String host = registry.host("registry.test");
        Path bundle = Files.writeString(
                folder.resolve("bundle.pem"),
                new TestAuthority("others").certificate() + "# and\n" + CERTIFICATE.authorityPem());

        get(client(TestRegistryOptions.of(host)
                        .withAllowPrivate()
                        .withCaFile(bundle)
                        .build())
                .manifest(pull(host + "/app:1"), "1"));
    }

    @Test
    void aChangedBundleIsReadAgainAndAnUnusableOneChangesNothing() throws IOException {
        TestRegistry registry = https();
        String host = registry.host("registry.test");
        Path bundle = Files.writeString(folder.resolve("bundle.pem"), new TestAuthority("others").certificate());
        RemoteRegistry client = client(TestRegistryOptions.of(host)
                .withAllowPrivate()
                .withCaFile(bundle)
                .build());
        assertFailure(client.manifest(pull(host + "/app:1"), "1"), UnknownCause.TLS, distrusted(host));

        replace(bundle, CERTIFICATE.authorityPem());
        get(client.manifest(pull(host + "/app:1"), "1"));

        replace(bundle, "not a certificate");
        get(client.manifest(pull(host + "/app:1"), "1"));
    }

    /** As a mounted Secret changes: another file takes its place. */
    private void replace(Path file, String content) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), content);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private HostTls showing(Path certificate, Path key) {
        return new HostTls(
                new ConfiguredFile(CERTIFICATE.authorityIn(folder), "ca"),
                new ClientCertificate(new ConfiguredFile(certificate, "cert"), new ConfiguredFile(key, "key")));
    }

    @Test
    void showsTheClientCertificateToItsHostAndTheChangedOneOnceItFits() throws IOException {
        TestAuthority clients = new TestAuthority("clients");
        TestAuthority.Issued client = clients.client("unroot");
        TestAuthority.Issued stranger = new TestAuthority("others").client("unroot");
        TestRegistry registry = closing(TestRegistry.https(vertx, CERTIFICATE, clients));
        registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        Path certificate = Files.writeString(folder.resolve("tls.crt"), stranger.certificate());
        Path key = Files.writeString(folder.resolve("tls.key"), stranger.key());
        RegistryOptions options =
                TestRegistryOptions.of(host).withAllowPrivate().build();
        RemoteRegistry without = client(TestRegistryOptions.from(options)
                .withCaFile(CERTIFICATE.authorityIn(folder))
                .build());
        RemoteRegistry with = client(TestRegistryOptions.from(options)
                .withTls(showing(certificate, key))
                .build());
        assertThat(failure(without.manifest(pull(host + "/app:1"), "1")).why()).isEqualTo(UnknownCause.TLS);
        assertThat(failure(with.manifest(pull(host + "/app:1"), "1")).why()).isEqualTo(UnknownCause.TLS);

        replace(certificate, client.certificate());
        assertThat(failure(with.manifest(pull(host + "/app:1"), "1")).why()).isEqualTo(UnknownCause.TLS);
        assertThat(registry.requests()).isEmpty();
        replace(key, client.key());
        get(with.manifest(pull(host + "/app:1"), "1"));
    }

    @Test
    void aClientCertificateThatCannotBeUsedIsToldByTheFileAtFault() throws IOException {
        TestAuthority.Issued one = new TestAuthority("clients").client("unroot");
        Path certificate = Files.writeString(folder.resolve("tls.crt"), one.certificate());
        Path key = Files.writeString(folder.resolve("tls.key"), TestAuthority.newKey());
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> client(TestRegistryOptions.of("registry.test")
                        .withTls(showing(certificate, key))
                        .build()))
                .hasMessage("key: " + key + " is not the key of the first certificate in " + certificate);
        assertThatThrownBy(() -> client(TestRegistryOptions.of("registry.test")
                        .withTls(showing(certificate, missing))
                        .build()))
                .hasMessage("key: " + missing + " does not exist");
        assertThatThrownBy(() -> client(TestRegistryOptions.of("registry.test")
                        .withTls(showing(missing, key))
                        .build()))
                .hasMessage("cert: " + missing + " does not exist");
        assertThatThrownBy(() -> client(TestRegistryOptions.of("registry.test")
                        .withTls(showing(key, key))
                        .build()))
                .hasMessageStartingWith("key: " + key + " holds no certificate");
    }

    @Test
    void theNameThatIsDialledByAddressIsStillIndicated() {
        TestRegistry registry = https();
        AtomicReference<String> indicated = new AtomicReference<>();
        registry.script("HEAD /v2/app/manifests/2", request -> {
            indicated.set(request.connection().indicatedServerName());
            request.response().setStatusCode(404).end();
        });
        String host = registry.host("registry.test");

        failure(client(TestRegistryOptions.of(host)
                        .withAllowPrivate()
                        .withCaFile(CERTIFICATE.authorityIn(folder))
                        .build())
                .digest(pull(host + "/app:2")));
        assertThat(indicated).hasValue("registry.test");
    }
}
