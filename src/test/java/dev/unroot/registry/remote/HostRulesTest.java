package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.documents.Digest;
import dev.unroot.registry.place.HostPattern;
import dev.unroot.registry.place.HostRules;
import dev.unroot.registry.place.Origin;
import dev.unroot.registry.place.RegistryOptions;
import dev.unroot.registry.place.TestRegistryOptions;
import dev.unroot.registry.place.TrustZone;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code imageLookup.allowHosts} and {@code denyHosts}. */
class HostRulesTest extends RegistryTestBase {

    private static HostRules rules(List<String> allow, List<String> deny) {
        return new HostRules(
                allow.stream().map(HostPattern::parse).toList(),
                deny.stream().map(HostPattern::parse).toList());
    }

    private RemoteRegistry client(List<String> allow, List<String> deny, TestRegistry... registries) {
        return client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registries))
                .with(rules(allow, deny))
                .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ghcr.io                | ghcr.io                  | true",
                "GHCR.io                | ghcr.io                  | true",
                "ghcr.io                | ghcr.io:5000             | true",
                "ghcr.io:443            | ghcr.io                  | true",
                "ghcr.io:443            | ghcr.io:5000             | false",
                "ghcr.io                | ghcr.io.evil.example     | false",
                "ghcr.io                | evil-ghcr.io             | false",
                "ghcr.io                | ghcr.io.                 | true",
                "*.example.com          | a.b.example.com          | true",
                "*.example.com          | example.com              | false",
                "*example.com           | example.com              | true",
                "docker.io              | registry-1.docker.io     | true",
                "registry-1.docker.io   | registry-1.docker.io     | true",
                "docker.io              | auth.docker.io           | false",
                "*                      | anything.example:1       | true",
                "[fd00::1]:5000         | [fd00::1]:5000           | true",
                "[fd00::*]              | [fd00::1]:5000           | true",
                "10.0.*                 | 10.0.7.7                 | true",
            })
    void aPatternMatchesHostAndPort(String pattern, String authority, boolean matches) {
        Origin origin = Objects.requireNonNull(Origin.parse(true, authority));
        assertThat(HostPattern.parse(pattern).matches(origin)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https://ghcr.io", "ghcr.io/team", "ghcr.io:0", "ghcr.io:70000", "a b", "user@ghcr.io"})
    void whatIsNoHostIsAMistakeInTheConfiguration(String pattern) {
        assertThatThrownBy(() -> HostPattern.parse(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDeniedRegistryIsNotAsked() {
        TestRegistry registry = http();

        assertFailure(
                client(List.of(), List.of("127.0.*"), registry).digest(pull(registry.host() + "/app:1")),
                UnknownCause.REFUSED_ADDRESS,
                "registry %1$s was not asked for %1$s/app:1: imageLookup.denyHosts lists 127.0.*"
                        .formatted(registry.host()));
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void aRegistryThatIsNotAllowedIsNotAskedAndDenyWins() {
        TestRegistry registry = http();
        registry.image("app", "1", "1000");
        String image = registry.host() + "/app:1";

        assertFailure(
                client(List.of("ghcr.io"), List.of(), registry).digest(pull(image)),
                UnknownCause.REFUSED_ADDRESS,
                "registry %1$s was not asked for %1$s/app:1: imageLookup.allowHosts does not list host %1$s"
                        .formatted(registry.host()));
        assertThat(failure(client(List.of("127.0.0.1"), List.of("127.0.0.1"), registry)
                                .digest(pull(image)))
                        .reason())
                .endsWith("imageLookup.denyHosts lists 127.0.0.1");
        assertThat(registry.requests()).isEmpty();
        get(client(List.of("ghcr.io", "127.0.0.1"), List.of(), registry).digest(pull(image)));
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void aRedirectMayLeaveTheAllowedHostsButNotGoToADeniedOne() {
        TestRegistry registry = http();
        TestRegistry storage = http();
        Digest digest = storage.blob(new byte[] {1, 2, 3});
        String path = "GET /v2/app/blobs/" + digest;
        registry.script(
                path,
                request -> request.response()
                        .setStatusCode(307)
                        .putHeader("Location", "http://" + storage.host() + "/" + digest)
                        .end());
        String allowed = registry.host();
        String image = registry.host() + "/app:1";

        get(client(List.of(allowed), List.of(), registry, storage).blob(pull(image), descriptor(digest, 3)));
        assertFailure(
                client(List.of(), List.of(storage.host()), registry, storage).blob(pull(image), descriptor(digest, 3)),
                UnknownCause.REFUSED_ADDRESS,
                "host %2$s, where registry %1$s redirected, was not asked for %1$s/app:1: imageLookup.denyHosts lists %2$s"
                        .formatted(registry.host(), storage.host()));
        assertThat(storage.requests()).hasSize(1);
    }

    @Test
    void aDeniedTokenServiceIsNotAsked() {
        TestRegistry registry = http();
        TestRegistry tokens = http();
        registry.requireToken("Bearer realm=\"http://" + tokens.host() + "/token\"", "t");

        assertThat(failure(client(List.of(), List.of(tokens.host()), registry, tokens)
                                .digest(pull(registry.host() + "/app:1")))
                        .reason())
                .startsWith("token service " + tokens.host())
                .endsWith("imageLookup.denyHosts lists " + tokens.host());
        assertThat(tokens.requests()).isEmpty();
    }

    @Test
    void theRulesHoldForMirrorsAndForWhatIsMirrored() {
        TestRegistry registry = http();
        TestRegistry mirror = http();
        Digest digest = registry.image("app", "1", "1000");
        mirror.image("app", "1", "0");
        List<RegistryOptions> configured = new ArrayList<>(plain(mirror));
        configured.add(TestRegistryOptions.from(plain(registry).get(0))
                .withMirrors(mirror.host())
                .build());
        RemoteOptions options =
                TestRemoteOptions.of(TrustZone.UNTRUSTED).with(configured).build();
        String image = registry.host() + "/app:1";

        assertThat(get(client(TestRemoteOptions.from(options)
                                        .with(rules(List.of(registry.host()), List.of()))
                                        .build())
                                .digest(pull(image)))
                        .value())
                .isEqualTo(digest);
        assertThat(get(client(TestRemoteOptions.from(options)
                                        .with(rules(List.of(), List.of(mirror.host())))
                                        .build())
                                .digest(pull(image)))
                        .value())
                .isEqualTo(digest);
        assertThat(mirror.requests()).isEmpty();
        registry.forgetRequests();
        assertThat(failure(client(TestRemoteOptions.from(options)
                                        .with(rules(List.of(mirror.host()), List.of()))
                                        .build())
                                .digest(pull(image)))
                        .why())
                .isEqualTo(UnknownCause.REFUSED_ADDRESS);
        assertThat(mirror.requests()).isEmpty();
        assertThat(registry.requests()).isEmpty();
    }
}
