package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.Ports;
import dev.unroot.common.HostAndPort;
import dev.unroot.model.UnknownCause;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.NoProxy;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.Proxies;
import dev.unroot.registry.place.ProxyServer;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries behind a forward proxy. Nothing here resolves a registry's name but the proxy. */
class ProxyTest extends RegistryTestBase {
    private static final TestCertificate CERTIFICATE = TestCertificate.of("registry.test");

    @TempDir
    Path folder;

    private TestProxy proxy() {
        return closing(new TestProxy(vertx));
    }

    private static InetAddress[] onlyTheProxy(String host) throws UnknownHostException {
        if (host.equals("proxy.test") || host.equals("localhost")) {
            return InetAddress.getAllByName("127.0.0.1");
        }
        if (HostAndPort.address(host) != null) {
            return InetAddress.getAllByName(host);
        }
        throw new UnknownHostException(host);
    }

    private RemoteRegistry client(String proxy, NoProxy except, RegistryOptions... registries) {
        return client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(registries))
                .with(Proxies.of(ProxyServer.parse(proxy), except))
                .with((HostResolver) ProxyTest::onlyTheProxy)
                .build());
    }

    private TestRegistry https() {
        return closing(TestRegistry.https(vertx, CERTIFICATE));
    }

    @Test
    void httpsGoesThroughATunnelAndIsVerifiedByTheRegistrysName() {
        TestProxy proxy = proxy();
        TestRegistry registry = https();
        Digest digest = registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        RemoteRegistry client = client(
                "http://proxy.test:" + proxy.port(),
                NoProxy.NOTHING,
                TestRegistryOptions.of(host)
                        .withCaFile(CERTIFICATE.authorityIn(folder))
                        .build());

        assertThat(get(client.digest(pull(host + "/app:1"))).value()).isEqualTo(digest);
        assertThat(get(client.manifest(pull(host + "/app:1"), "1")).digest()).isEqualTo(digest.toString());
        assertThat(proxy.seen()).containsOnly("CONNECT " + host);
        assertThat(registry.seen().get(0).host()).isEqualTo(host);
    }

    @Test
    void aTunnelToSomebodyElseIsNotBelieved() {
        TestProxy proxy = proxy();
        TestRegistry registry = https();
        String host = registry.host("other.test");

        assertFailure(
                client(
                                "proxy.test:" + proxy.port(),
                                NoProxy.NOTHING,
                                TestRegistryOptions.of(host)
                                        .withCaFile(CERTIFICATE.authorityIn(folder))
                                        .build())
                        .digest(pull(host + "/app:1")),
                UnknownCause.TLS,
                "registry %1$s could not prove by TLS who it is for %1$s/app:1: its certificate is for other names"
                        .formatted(host));
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void plainHttpIsAskedForByItsWholeAddress() {
        TestProxy proxy = proxy();
        TestRegistry registry = http();
        Digest digest = registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        RemoteRegistry client = client(
                "http://127.0.0.1:" + proxy.port(),
                NoProxy.NOTHING,
                TestRegistryOptions.of(host).withPlainHttp().build());

        assertThat(get(client.manifest(pull(host + "/app:1"), "1")).digest()).isEqualTo(digest.toString());
        assertThat(proxy.seen()).containsExactly("GET http://" + host + "/v2/app/manifests/1");
        assertThat(registry.seen().get(0).host()).isEqualTo(host);
    }

    @Test
    void userAndPasswordAreShownToTheProxyAndToNobodyElse() {
        TestProxy proxy = proxy();
        proxy.require("Basic dTpwQHNz");
        TestRegistry plain = http();
        Digest digest = plain.image("app", "1", "1000");
        TestRegistry secure = https();
        secure.image("app", "1", "1000");
        String plainHost = plain.host("plain.test");
        String host = secure.host("registry.test");
        RegistryOptions[] registries = {
            TestRegistryOptions.of(plainHost).withPlainHttp().build(),
            TestRegistryOptions.of(host)
                    .withCaFile(CERTIFICATE.authorityIn(folder))
                    .build()
        };
        RemoteRegistry client = client("http://u:p%40ss@proxy.test:" + proxy.port(), NoProxy.NOTHING, registries);

        assertThat(get(client.digest(pull(plainHost + "/app:1"))).value()).isEqualTo(digest);
        get(client.digest(pull(host + "/app:1")));
        assertThat(plain.seen().get(0).authorization()).isNull();
        assertThat(secure.seen().get(0).authorization()).isNull();

        RemoteRegistry wrong = client("http://u:wrong@proxy.test:" + proxy.port(), NoProxy.NOTHING, registries);
        for (String refused : List.of(plainHost, host)) {
            assertFailure(
                    wrong.digest(pull(refused + "/app:1")),
                    UnknownCause.UNREACHABLE,
                    "registry %1$s was not asked for %1$s/app:1: the proxy at proxy.test:%2$d answered 407"
                            .formatted(refused, proxy.port()));
        }
    }

    @Test
    void aProxyThatIsNotThereIsUnreachable() throws Exception {
        int free = Ports.free();
        assertFailure(
                client("http://user:secret@proxy.test:" + free, NoProxy.NOTHING).digest(pull("ghcr.io/team/app:1")),
                UnknownCause.UNREACHABLE,
                "registry ghcr.io was not asked for ghcr.io/team/app:1: the proxy at proxy.test:" + free
                        + " could not be reached");
        RegistryOptions plain =
                TestRegistryOptions.of("plain.test").withPlainHttp().build();
        assertFailure(
                client("http://user:secret@proxy.test:" + free, NoProxy.NOTHING, plain)
                        .digest(pull("plain.test/app:1")),
                UnknownCause.UNREACHABLE,
                "registry plain.test was not asked for plain.test/app:1: the proxy at proxy.test:" + free
                        + " could not be reached");
        assertFailure(
                client("http://nowhere.test", NoProxy.NOTHING).digest(pull("ghcr.io/team/app:1")),
                UnknownCause.UNREACHABLE,
                "registry ghcr.io was not asked for ghcr.io/team/app:1: the host name of proxy nowhere.test:80 has no"
                        + " address");
    }

    @Test
    void whatIsExceptedIsDialledDirectlyAndItsAddressChecked() {
        TestProxy proxy = proxy();
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        String host = registry.host();
        NoProxy except = NoProxy.parse("127.0.0.0/8");

        get(client(
                        "http://proxy.test:" + proxy.port(),
                        except,
                        TestRegistryOptions.of(host)
                                .withPlainHttp()
                                .withAllowPrivate()
                                .build())
                .digest(pull(host + "/app:1")));
        assertThat(failure(client("http://proxy.test:" + proxy.port(), except).digest(pull(host + "/app:1")))
                        .why())
                .isEqualTo(UnknownCause.REFUSED_ADDRESS);
        assertThat(proxy.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "169.254.169.254",
                "192.168.0.1:5000",
                "[fd00:ec2::254]:443",
                "[::ffff:a00:1]:443",
                "127.1:5000",
                "10.1:443",
                "0x7f000001:443",
                "2130706433:443",
                "0177.0.0.1",
                "a.localhost",
                "127.0.0.1:1",
                "localhost:1",
                "[::1]:443",
                "0.0.0.0:443"
            })
    void addressesThatAreNotForStrangersAreRefusedThroughAProxyToo(String host) {
        TestProxy proxy = proxy();

        assertThat(failure(client("http://proxy.test:" + proxy.port(), NoProxy.NOTHING)
                                .digest(pull(host + "/app:1")))
                        .why())
                .isEqualTo(UnknownCause.REFUSED_ADDRESS);
        assertThat(proxy.seen()).isEmpty();
    }

    @Test
    void aConfiguredAddressIsAskedThroughTheProxy() {
        TestProxy proxy = proxy();
        RemoteRegistry client = client(
                "http://proxy.test:" + proxy.port(),
                NoProxy.NOTHING,
                TestRegistryOptions.of("10.0.0.1:1").withAllowPrivate().build());

        failure(client.digest(pull("10.0.0.1:1/app:1")));
        assertThat(proxy.seen()).containsOnly("CONNECT 10.0.0.1:1");
    }

    @Test
    void theEnvironmentNamesAProxyForEachScheme() {
        Proxies proxies = Proxies.fromEnvironment(Map.of(
                "HTTPS_PROXY", "http://secure.example:3128",
                "http_proxy", "plain.example:8080",
                "NO_PROXY", "",
                "no_proxy", "a.example, .b.example"));

        assertThat(proxies.to(origin(true, "ghcr.io"))).hasToString("secure.example:3128");
        assertThat(proxies.to(origin(false, "ghcr.io"))).hasToString("plain.example:8080");
        assertThat(proxies.to(origin(true, "a.example"))).isNull();
        assertThat(proxies.to(origin(true, "x.b.example"))).isNull();
        assertThat(Proxies.fromEnvironment(Map.of())).isEqualTo(Proxies.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://u:secret@proxy:1",
                "socks5://u:secret@proxy:1",
                "http://u:secret@proxy:x",
                "http://u:secret@",
                "http://u:secret%zz@proxy:1",
                "http://u:secret@proxy/path",
                "http://u:secret@a@b:1"
            })
    void aProxyThatIsNoneIsToldWithoutQuotingIt(String value) {
        assertThatThrownBy(() -> Proxies.fromEnvironment(Map.of("HTTPS_PROXY", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("environment variable HTTPS_PROXY is ")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aProxyNeverPrintsItsPassword() {
        assertThat(ProxyServer.parse("http://user:secret@proxy.example:3128")).hasToString("proxy.example:3128");
        assertThat(Proxies.of(ProxyServer.parse("http://user:secret@proxy"), NoProxy.NOTHING)
                        .toString())
                .doesNotContain("secret", "user");
    }

    private static Origin origin(boolean secure, String authority) {
        return java.util.Objects.requireNonNull(Origin.parse(secure, authority));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | ghcr.io              | false",
                "*                     | ghcr.io              | true",
                "a,*                   | ghcr.io              | true",
                "example.com           | example.com          | true",
                "example.com           | EXAMPLE.com          | true",
                "EXAMPLE.com           | example.com          | true",
                "example.com           | sub.example.com      | true",
                "example.com           | badexample.com       | false",
                "example.com           | example.com.         | true",
                ".example.com          | example.com          | false",
                ".example.com          | a.b.example.com      | true",
                "*.example.com         | example.com          | false",
                "*.example.com         | a.example.com        | true",
                "a*.example.com        | ab.example.com       | false",
                "example.com:5000      | example.com:5000     | true",
                "example.com:5000      | example.com          | false",
                "example.com:443       | example.com          | true",
                "x, example.com , y    | example.com          | true",
                "10.0.0.1              | 10.0.0.1             | true",
                "10.0.0.1              | 10.0.0.2             | false",
                "10.0.0.1:5000         | 10.0.0.1:5000        | true",
                "10.0.0.1:5000         | 10.0.0.1             | false",
                "10.0.0.0/8            | 10.255.0.1:5000      | true",
                "10.0.0.0/8            | 11.0.0.1             | false",
                "10.0.0.0/9            | 10.128.0.1           | false",
                "10.0.0.0/99           | 10.0.0.1             | false",
                "10.0.0.0/8            | ten.example          | false",
                "fd00::/8              | [fd12::1]:5000       | true",
                "fd00::/8              | [fe80::1]            | false",
                "[fd12::1]:5000        | [fd12::1]:5000       | true",
                "[fd12::1]:5000        | [fd12::1]            | false",
                "fd12::1               | [fd12::1]            | true",
                "0.0.0.0/0             | [fd12::1]            | false",
                "''                    | localhost:5000       | true",
                "''                    | 127.0.0.2            | true",
                "''                    | [::1]                | true",
                ",  ,                  | ghcr.io              | false",
            })
    void noProxyIsReadAsGoReadsIt(String list, String authority, boolean direct) {
        assertThat(NoProxy.parse(list).matches(origin(true, authority))).isEqualTo(direct);
    }
}
