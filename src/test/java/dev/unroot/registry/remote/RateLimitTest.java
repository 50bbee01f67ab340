package dev.unroot.registry.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.model.UnknownCause;
import dev.unroot.registry.http.RateLimits;
import dev.unroot.registry.place.TrustZone;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest extends RegistryTestBase {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void leavesTheRegistryAloneForAsLongAsItAsks() {
        TestRegistry registry = http();
        TestRegistry other = http();
        registry.image("app", "1", "1000");
        other.image("app", "1", "1000");
        registry.script(
                "GET /v2/app/manifests/2",
                request -> request.response()
                        .setStatusCode(429)
                        .putHeader("Retry-After", "30")
                        .end());
        AtomicLong nanos = new AtomicLong();
        RemoteRegistry client = client(TestRemoteOptions.of(TrustZone.UNTRUSTED)
                .with(plain(registry, other))
                .with(nanos::get)
                .build());

        assertFailure(
                client.manifest(pull(registry.host() + "/app:2"), "2"),
                UnknownCause.RATE_LIMITED,
                "registry %1$s answered 429 (ask again in 30 s) for %1$s/app:2".formatted(registry.host()));
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        assertFailure(
                client.manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.RATE_LIMITED,
                "registry %1$s was not asked for %1$s/app:1: it answered 429 before and may be asked again in 11 s"
                        .formatted(registry.host()));
        assertThat(registry.requests()).hasSize(1);
        get(client.manifest(pull(other.host() + "/app:1"), "1"));

        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        get(client.manifest(pull(registry.host() + "/app:1"), "1"));
    }

    @Test
    void aTokenServiceIsLeftAloneToo() {
        TestRegistry registry = http();
        registry.requireToken("Bearer realm=\"http://" + registry.host() + "/token\"", "x");
        registry.script(
                "GET /token", request -> request.response().setStatusCode(429).end());
        RemoteRegistry client = clientOf(registry);

        assertFailure(
                client.manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.RATE_LIMITED,
                "token service %1$s of registry %1$s answered 429 (ask again in 10 s) for %1$s/app:1"
                        .formatted(registry.host()));
        assertThat(failure(client.manifest(pull(registry.host() + "/app:1"), "1"))
                        .why())
                .isEqualTo(UnknownCause.RATE_LIMITED);
        assertThat(registry.requests().stream().filter("GET /token"::equals)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Retry-After, RateLimit-Reset",
        "RateLimit-Reset, X-RateLimit-Reset",
        "X-RateLimit-Reset, X-Other",
    })
    void heedsOtherHeadersWhereThereIsNoRetryAfter(String header, String lesser) {
        TestRegistry registry = http();
        registry.script(
                "GET /v2/app/manifests/1",
                request -> request.response()
                        .setStatusCode(429)
                        .putHeader(header, "42")
                        .putHeader(lesser, "77")
                        .end());

        assertFailure(
                clientOf(registry).manifest(pull(registry.host() + "/app:1"), "1"),
                UnknownCause.RATE_LIMITED,
                "registry %1$s answered 429 (ask again in 42 s) for %1$s/app:1".formatted(registry.host()));
    }

    @Test
    void readsSecondsAndDatesWithinBounds() {
        assertThat(RateLimits.seconds("7", NOON)).isEqualTo(7);
        assertThat(RateLimits.seconds("0", NOON)).isEqualTo(1);
        assertThat(RateLimits.seconds("999999999", NOON)).isEqualTo(300);
        assertThat(RateLimits.seconds("9999999999", NOON)).isEqualTo(300);
        assertThat(RateLimits.seconds("9999999999999", NOON)).isEqualTo(10);
        assertThat(RateLimits.seconds(Long.toString(NOON.getEpochSecond() + 42), NOON))
                .isEqualTo(42);
        assertThat(RateLimits.seconds(Long.toString(NOON.getEpochSecond() - 42), NOON))
                .isEqualTo(1);
        assertThat(RateLimits.seconds("-5", NOON)).isEqualTo(10);
        assertThat(RateLimits.seconds("soon", NOON)).isEqualTo(10);
        assertThat(RateLimits.seconds(null, NOON)).isEqualTo(10);
        assertThat(RateLimits.seconds("Sun, 22 Nov 2026 12:00:42 GMT", NOON)).isEqualTo(42);
        assertThat(RateLimits.seconds("Sun, 22 Nov 2026 11:00:00 GMT", NOON)).isEqualTo(1);
    }
}
