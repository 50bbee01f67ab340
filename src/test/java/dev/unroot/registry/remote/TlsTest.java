package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest extends RegistryTestBase {
    private static final TestCertificate CERTIFICATE = TestCertificate.of("registry.test");

    @TempDir
    Path folder;

    private RemoteRegistry client(RegistryOptions registry) {
        return client(RemoteOptions.of(Reach.STRANGERS).with(List.of(registry)).with((HostResolver)
                host -> InetAddress.getAllByName("127.0.0.1")));
    }

    private TestRegistry https() {
        TestRegistry registry = closing(TestRegistry.https(vertx, CERTIFICATE));
        registry.image("app", "1", "1000");
        return registry;
    }

    private static String distrusted(String host) {
        return "registry %1$s could not prove by TLS who it is for %1$s/app:1".formatted(host);
    }

    @Test
    void believesTheConfiguredAuthority() {
        TestRegistry registry = https();
        Digest digest = registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        RegistryOptions options =
                RegistryOptions.of(host).withAllowPrivate().withCaFile(CERTIFICATE.authorityIn(folder));

        assertThat(get(client(options).manifest(pull(host + "/app:1"), "1")).digest())
                .isEqualTo(digest.toString());
    }

    @Test
    void believesNobodyElse() {
        TestRegistry registry = https();
        String host = registry.host("registry.test");

        assertFailure(
                client(RegistryOptions.of(host).withAllowPrivate()).manifest(pull(host + "/app:1"), "1"),
                UnknownCause.TLS,
                distrusted(host));
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void theNameInTheCertificateMustBeTheRegistrys() {
        TestRegistry registry = https();
        String host = registry.host("other.test");
        RegistryOptions options =
                RegistryOptions.of(host).withAllowPrivate().withCaFile(CERTIFICATE.authorityIn(folder));

        assertFailure(client(options).manifest(pull(host + "/app:1"), "1"), UnknownCause.TLS, distrusted(host));
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void anAuthorityOfOneHostIsNotBelievedForAnother() {
        TestRegistry registry = https();
        String host = registry.host("registry.test");
        RemoteRegistry client = client(RemoteOptions.of(Reach.STRANGERS)
                .with(List.of(
                        RegistryOptions.of(host).withAllowPrivate(),
                        RegistryOptions.of("other.test").withCaFile(CERTIFICATE.authorityIn(folder))))
                .with((HostResolver) name -> InetAddress.getAllByName("127.0.0.1")));

        assertFailure(client.manifest(pull(host + "/app:1"), "1"), UnknownCause.TLS, distrusted(host));
    }

    @Test
    void aRegistryThatSpeaksNoTlsIsNotAskedInPlain() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        String host = registry.host("registry.test");

        assertThat(failure(client(RegistryOptions.of(host).withAllowPrivate()).manifest(pull(host + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.TLS);
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void aFileWithoutCertificatesIsAMistakeInTheConfiguration() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        Path wrong = Files.writeString(folder.resolve("wrong.pem"), "not a certificate");
        Path missing = folder.resolve("missing.pem");
        for (Path file : List.of(empty, wrong, missing)) {
            assertThatThrownBy(() -> client(RegistryOptions.of("registry.test").withCaFile(file)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("caFile " + file);
        }
    }
}
