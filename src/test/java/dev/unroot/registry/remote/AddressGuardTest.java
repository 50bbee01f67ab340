package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.LookupException;
import dev.unroot.registry.place.AddressKind;
import dev.unroot.registry.place.HostResolver;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressGuardTest extends RegistryTestBase {

    @ParameterizedTest
    @CsvSource({
        "93.184.216.34, PUBLIC",
        "172.15.255.255, PUBLIC",
        "172.32.0.1, PUBLIC",
        "100.63.0.1, PUBLIC",
        "100.128.0.1, PUBLIC",
        "192.169.0.1, PUBLIC",
        "127.0.0.1, LOOPBACK",
        "127.255.255.254, LOOPBACK",
        "10.1.2.3, PRIVATE",
        "172.16.0.1, PRIVATE",
        "172.31.255.255, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, SHARED",
        "100.127.255.255, SHARED",
        "169.254.169.254, LINK_LOCAL",
        "100.100.100.200, METADATA",
        "168.63.129.16, METADATA",
        "fd00:ec2::254, METADATA",
        "fd20:ce::254, METADATA",
        "64:ff9b::6464:64c8, METADATA",
        "2002:a83f:8110::1, METADATA",
        "192.0.0.192, RESERVED",
        "64:ff9b::7f00:1, LOOPBACK",
        "::ffff:192.168.0.1, PRIVATE",
        "::ffff:0:0, UNSPECIFIED",
        "2002:c0a8:1::, PRIVATE",
        "0.0.0.0, UNSPECIFIED",
        "0.1.2.3, UNSPECIFIED",
        "224.0.0.1, MULTICAST",
        "239.255.255.255, MULTICAST",
        "255.255.255.255, RESERVED",
        "240.0.0.1, RESERVED",
        "192.0.0.8, RESERVED",
        "192.0.2.1, RESERVED",
        "198.18.0.1, RESERVED",
        "198.51.100.7, RESERVED",
        "203.0.113.7, RESERVED",
        "192.88.99.1, RESERVED",
        "2606:4700::1111, PUBLIC",
        "::1, LOOPBACK",
        "::, UNSPECIFIED",
        "fe80::1, LINK_LOCAL",
        "febf::1, LINK_LOCAL",
        "fc00::1, UNIQUE_LOCAL",
        "fd12:3456::1, UNIQUE_LOCAL",
        "fec0::1, UNIQUE_LOCAL",
        "ff02::1, MULTICAST",
        "::ffff:169.254.169.254, LINK_LOCAL",
        "::ffff:127.0.0.1, LOOPBACK",
        "::127.0.0.1, LOOPBACK",
        "::10.0.0.1, PRIVATE",
        "64:ff9b::a9fe:a9fe, LINK_LOCAL",
        "64:ff9b::5db8:d822, PUBLIC",
        "64:ff9b:1::1, PRIVATE",
        "2002:7f00:1::, LOOPBACK",
        "2002:a9fe:a9fe::1, LINK_LOCAL",
        "2002:5db8:d822::1, PUBLIC",
        "2606:4700::5efe:10.0.0.1, PRIVATE",
        "2606:4700::200:5efe:a00:1, PRIVATE",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2, RESERVED",
        "2001:db8::1, RESERVED",
        "100::1, RESERVED",
        "4000::1, RESERVED"
    })
    void knowsWhatAnAddressIs(String address, AddressKind kind) throws UnknownHostException {
        assertThat(AddressKind.of(InetAddress.getByName(address))).isEqualTo(kind);
    }

    private static InetAddress[] addresses(String... texts) {
        InetAddress[] addresses = new InetAddress[texts.length];
        try {
            for (int i = 0; i < texts.length; i++) {
                addresses[i] = InetAddress.getByName(texts[i]);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
        return addresses;
    }

    @Test
    void refusesAPrivateAddressAndNamesTheKeyThatAllowsIt() {
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with((HostResolver) host -> addresses("10.0.0.7"))
                .build());

        assertFailure(
                client.manifest(pull("registry.corp.example:5000/app:1"), "1"),
                UnknownCause.REFUSED_ADDRESS,
                "registry registry.corp.example:5000 was not asked for registry.corp.example:5000/app:1: its address is private, and imageLookup.registries[].allowPrivate is not set for host registry.corp.example:5000");
    }

    @Test
    void oneBadAddressAmongGoodOnesIsEnough() {
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with((HostResolver) host -> addresses("93.184.216.34", "127.0.0.1"))
                .build());

        assertThat(failure(client.manifest(pull("registry.example/app:1"), "1")).why())
                .isEqualTo(UnknownCause.REFUSED_ADDRESS);
    }

    @Test
    void allowPrivateDoesNotOpenTheMetadataService() {
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(TestRegistryOptions.of("registry.example")
                        .withAllowPrivate()
                        .build()))
                .with((HostResolver) host -> addresses("169.254.169.254"))
                .build());

        assertFailure(
                client.manifest(pull("registry.example/app:1"), "1"),
                UnknownCause.REFUSED_ADDRESS,
                "registry registry.example was not asked for registry.example/app:1: its address is link-local");
    }

    @Test
    void aNameWithAPublicAndAPrivateAddressMayBeDialledWhereItIsConfigured() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        RegistryOptions options = TestRegistryOptions.of(host).withPlainHttp().build();
        RemoteOptions both = TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with((HostResolver) name -> addresses("127.0.0.1", "93.184.216.34"))
                .build();

        assertFailure(
                client(TestRemoteOptions.from(both).with(List.of(options)).build())
                        .manifest(pull(host + "/app:1"), "1"),
                UnknownCause.REFUSED_ADDRESS,
                "registry %1$s was not asked for %1$s/app:1: its address is loopback, and imageLookup.registries[].allowPrivate is not set for host %1$s"
                        .formatted(host));
        get(client(TestRemoteOptions.from(both)
                        .with(List.of(TestRegistryOptions.from(options)
                                .withAllowPrivate()
                                .build()))
                        .build())
                .manifest(pull(host + "/app:1"), "1"));
    }

    @Test
    void aTokenRealmIsCheckedLikeAnyHost() {
        TestRegistry registry = http();
        for (String realm : List.of(
                "https://169.254.169.254/token",
                "https://[fd00:ec2::254]/token",
                "https://127.0.0.1:1/token",
                "https://[::ffff:a9fe:a9fe]/token",
                "https://localhost/token")) {
            registry.requireToken("Bearer realm=\"" + realm + "\"", "t");
            LookupException failure = failure(clientOf(registry).manifest(pull(registry.host() + "/app:1"), "1"));
            assertThat(failure.why()).as(realm).isEqualTo(UnknownCause.REFUSED_ADDRESS);
            assertThat(failure.reason()).startsWith("token service ");
        }
    }

    @Test
    void allowPrivateHoldsForThatPortOnly() {
        TestRegistry registry = http();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(TestRegistryOptions.of("127.0.0.1:1")
                        .withPlainHttp()
                        .withAllowPrivate()
                        .build()))
                .build());

        assertThat(failure(client.manifest(pull(registry.host() + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.REFUSED_ADDRESS);
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void dialsTheAddressThatWasCheckedAndResolvesOncePerRequest() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        AtomicInteger calls = new AtomicInteger();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(TestRegistryOptions.of(host)
                        .withPlainHttp()
                        .withAllowPrivate()
                        .build()))
                .with((HostResolver) name -> {
                    calls.incrementAndGet();
                    return addresses(calls.get() == 1 ? "127.0.0.1" : "169.254.169.254");
                })
                .build());

        get(client.manifest(pull(host + "/app:1"), "1"));
        assertThat(calls).hasValue(1);
        assertThat(registry.seen().get(0).host()).isEqualTo(host);
        // The connection is still open, but the name points elsewhere by now.
        assertThat(failure(client.manifest(pull(host + "/app:1"), "1")).why()).isEqualTo(UnknownCause.REFUSED_ADDRESS);
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void triesTheNextAddressWhereOneDoesNotListen() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        String host = registry.host("registry.test");
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(List.of(TestRegistryOptions.of(host)
                        .withPlainHttp()
                        .withAllowPrivate()
                        .build()))
                .with((HostResolver) name -> addresses("127.0.0.2", "127.0.0.1"))
                .build());

        get(client.manifest(pull(host + "/app:1"), "1"));
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void aNameWithoutAnAddressIsUnreachable() {
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with((HostResolver) host -> {
                    throw new UnknownHostException(host);
                })
                .build());

        assertFailure(
                client.manifest(pull("ghcr.io/team/app:1"), "1"),
                UnknownCause.UNREACHABLE,
                "registry ghcr.io was not asked for ghcr.io/team/app:1: its host name has no address");
    }

    @Test
    void aNameServerThatDoesNotAnswerEndsAtTheDeadline() {
        CountDownLatch never = new CountDownLatch(1);
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with((HostResolver) host -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new UnknownHostException(host);
                    }
                    return addresses("127.0.0.1");
                })
                .build());

        assertFailure(
                client.manifest(pull("ghcr.io/team/app:1", Duration.ofSeconds(1)), "1"),
                UnknownCause.TIMEOUT,
                "registry ghcr.io was not asked for ghcr.io/team/app:1: its host name was not resolved in time");
    }

    @Test
    void dockerHubIsAskedAtItsApiHost() {
        StringBuilder asked = new StringBuilder();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with((HostResolver) host -> {
                    asked.append(host);
                    throw new UnknownHostException(host);
                })
                .build());

        assertThat(failure(client.manifest(pull("nginx:1.27"), "1.27")).reason())
                .startsWith("registry docker.io was not asked for docker.io/library/nginx:1.27");
        assertThat(asked.toString()).isEqualTo("registry-1.docker.io");
    }
}
