package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person's own lookups may do, and a stranger's may not. */
class OwnMachineTest extends RegistryTestBase {

    @Test
    void aRegistryOnThisMachineIsAskedInPlainWhereItSpeaksNoTls() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.TRUSTED).build());

        get(client.manifest(pull(registry.host() + "/app:1"), "1"));
        get(client.manifest(pull(registry.host("localhost") + "/app:1"), "1"));
        get(client.digest(pull(registry.host("localhost") + "/app:1")));

        assertThat(registry.requests())
                .containsExactly("GET /v2/app/manifests/1", "GET /v2/app/manifests/1", "HEAD /v2/app/manifests/1");
    }

    @Test
    void itsTokenServiceMayBePlainToo() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        registry.requireToken("Bearer realm=\"http://" + registry.host() + "/token\"", "x");
        registry.script("GET /token", request -> request.response().end("{\"token\":\"x\"}"));

        get(client(TestRemoteOptions.of(TrustZone.TRUSTED).build()).manifest(pull(registry.host() + "/app:1"), "1"));
        assertThat(registry.requests())
                .containsExactly("GET /v2/app/manifests/1", "GET /token", "GET /v2/app/manifests/1");
    }

    @Test
    void aRegistryOnThisMachineWithACertificateNobodyKnowsIsNotAskedInPlain() {
        TestRegistry registry = closing(TestRegistry.https(vertx, TestCertificate.of("localhost")));

        assertThat(failure(client(TestRemoteOptions.of(TrustZone.TRUSTED).build())
                                .manifest(pull(registry.host("localhost") + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.TLS);
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void httpsIsPreferredOnThisMachineToo(@TempDir Path folder) {
        TestCertificate certificate = TestCertificate.of("localhost");
        TestRegistry registry = closing(TestRegistry.https(vertx, certificate));
        registry.image("app", "1", "1000");
        String host = registry.host("localhost");
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.TRUSTED)
                .with(List.of(TestRegistryOptions.of(host)
                        .withCaFile(certificate.authorityIn(folder))
                        .build()))
                .build());

        get(client.manifest(pull(host + "/app:1"), "1"));
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void anotherMachineIsNeverAskedInPlainUnasked() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.TRUSTED)
                .with((HostResolver) name -> InetAddress.getAllByName("127.0.0.1"))
                .build());

        assertThat(failure(client.manifest(pull(host + "/app:1"), "1")).why()).isEqualTo(UnknownCause.TLS);
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void strangersDoNotReachThisMachine() {
        TestRegistry registry = http();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED).build());

        for (String name : List.of("127.0.0.1", "localhost", "127.1", "127.1.2.3")) {
            assertThat(failure(client.manifest(pull(registry.host(name) + "/app:1"), "1"))
                            .why())
                    .as(name)
                    .isEqualTo(UnknownCause.REFUSED_ADDRESS);
        }
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void whereNothingListensTheReasonIsTheFirstOne() {
        TestRegistry registry = TestRegistry.http(vertx);
        registry.close();

        assertFailure(
                client(TestRemoteOptions.of(TrustZone.TRUSTED).build()).manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.UNREACHABLE,
                "registry %1$s could not be reached for %1$s/app:1".formatted(registry.host()));
    }

    @Test
    void anIpv6AddressIsARegistryToo() throws IOException {
        assumeTrue(NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null, "no IPv6 here");
        TestRegistry registry = closing(TestRegistry.httpOnIpv6(vertx));
        registry.image("app", "1", "1000");
        String host = registry.host("[::1]");

        get(client(TestRemoteOptions.of(TrustZone.TRUSTED).build()).manifest(pull(host + "/app:1"), "1"));
        assertThat(registry.seen().get(0).host()).isEqualTo(host);
    }
}
