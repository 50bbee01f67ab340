package dev.unroot.registry.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.registry.credentials.Credential;
import dev.unroot.registry.http.Purpose;
import dev.unroot.registry.http.Request;
import dev.unroot.registry.http.Url;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RegistryHostsTest {

    @Test
    void findsTheEntryOfAHostByItsPort() {
        RegistryOptions hub =
                TestRegistryOptions.of("docker.io").withAllowPrivate().build();
        RegistryOptions plain =
                TestRegistryOptions.of("plain.example").withPlainHttp().build();
        RegistryOptions port =
                TestRegistryOptions.of("Port.example:5000").withAllowPrivate().build();
        RegistryOptions six =
                TestRegistryOptions.of("[::1]:5000").withPlainHttp().build();
        RegistryHosts hosts = new RegistryHosts(List.of(hub, plain, port, six));

        assertThat(hosts.api("docker.io")).hasToString("https://registry-1.docker.io");
        assertThat(hosts.of(hosts.api("docker.io"))).isEqualTo(hub);
        assertThat(hosts.api("plain.example")).hasToString("http://plain.example");
        assertThat(hosts.api("plain.example:443")).hasToString("https://plain.example");
        assertThat(hosts.of(hosts.api("port.example:5000"))).isEqualTo(port);
        assertThat(hosts.of(hosts.api("port.example"))).isEqualTo(RegistryOptions.of("port.example"));
        assertThat(hosts.api("[::1]:5000")).hasToString("http://[::1]:5000");
        assertThat(hosts.of(hosts.api("evil-port.example:5000")).allowPrivate()).isFalse();
    }

    @Test
    void refusesEntriesThatAreNoHostOrThereTwice() {
        for (String host :
                List.of("", "https://ghcr.io", "ghcr.io/team", "user@ghcr.io", "ghcr.io:x", "ghcr.io:70000")) {
            assertThatThrownBy(() -> new RegistryHosts(List.of(RegistryOptions.of(host))))
                    .as(host)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("imageLookup.registries: ");
        }
        assertThatThrownBy(() ->
                        new RegistryHosts(List.of(RegistryOptions.of("ghcr.io"), RegistryOptions.of("GHCR.io:443"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("imageLookup.registries lists \"GHCR.io:443\" twice");
    }

    @Test
    void anOriginIsSchemeHostAndPort() {
        assertThat(origin("https://Example.COM/x")).isEqualTo(new Origin(true, "example.com", 443));
        assertThat(origin("http://example.com")).isEqualTo(new Origin(false, "example.com", 80));
        assertThat(origin("HTTPS://[::1]:5000/").authority()).isEqualTo("[::1]:5000");
        for (String address : List.of("https://a@b/", "ftp://b/", "/b", "https://b:0/", "https://b:65536/")) {
            assertThat(Url.of(address)).as(address).isNull();
        }
    }

    private static Origin origin(String address) {
        return Objects.requireNonNull(Url.of(address)).origin();
    }

    @Test
    void aRequestNeverPrintsItsCredential() {
        Request request = new Request(
                io.vertx.core.http.HttpMethod.GET,
                new Origin(true, "ghcr.io", 443),
                "/v2/?t=secret",
                "",
                "Bearer secret",
                new Purpose(Purpose.Step.MANIFEST, Credential.ANONYMOUS));
        assertThat(request.toString()).doesNotContain("secret");
        assertThat(request.redirected(new Origin(true, "ghcr.io", 444), "/").authorization())
                .isNull();
        assertThat(request.redirected(new Origin(false, "ghcr.io", 443), "/").authorization())
                .isNull();
        assertThat(request.redirected(new Origin(true, "ghcr.io", 443), "/").authorization())
                .isEqualTo("Bearer secret");
    }
}
