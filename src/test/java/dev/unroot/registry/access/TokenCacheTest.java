package dev.unroot.registry.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroot.registry.access.TokenCache.Token;
import dev.unroot.registry.credentials.Credential;
import dev.unroot.registry.http.Url;
import dev.unroot.registry.place.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenCacheTest {
    private final AtomicLong nanos = new AtomicLong();
    private final TokenCache kept = new TokenCache(nanos::get);

    private static TokenKey key(String scope) {
        return new TokenKey(
                new Origin(true, "registry.example", 443),
                new Url(new Origin(true, "auth.example", 443), "/token"),
                "registry",
                scope,
                Credential.ANONYMOUS);
    }

    private long keptOf(List<TokenKey> keys) {
        kept.cleanUp();
        return keys.stream().filter(key -> kept.get(key) != null).count();
    }

    @Test
    void theLargestTokensTakeNoMoreThanTheirBytes() {
        Token large = new Token("t".repeat(12 * 1024), 300);
        List<TokenKey> keys = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            keys.add(key("repository:app-" + i + ":pull"));
            kept.put(keys.get(i), large);
        }
        assertThat(keptOf(keys) * TokenCache.bytes(keys.get(0), large))
                .isPositive()
                .isLessThanOrEqualTo(TokenCache.MOST_BYTES);
    }

    @Test
    void whatTheyAreForCountsToo() {
        Token small = new Token("t", 300);
        List<TokenKey> keys = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            keys.add(key(i + "s".repeat(14 * 1024)));
            kept.put(keys.get(i), small);
        }
        assertThat(keptOf(keys)).isPositive().isLessThan(600);
    }

    @Test
    void usualOnesAreKeptByTheThousand() {
        List<TokenKey> keys = new ArrayList<>();
        for (int i = 0; i < 1_500; i++) {
            keys.add(key("repository:app-" + i + ":pull"));
            kept.put(keys.get(i), new Token("t".repeat(2_000), 300));
        }
        assertThat(keptOf(keys)).isEqualTo(1_500);
        kept.forget(keys.get(0));
        assertThat(kept.get(keys.get(0))).isNull();
        nanos.addAndGet(Duration.ofSeconds(301).toNanos());
        assertThat(keptOf(keys)).isZero();
    }
}
