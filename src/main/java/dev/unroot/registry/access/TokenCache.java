package dev.unroot.registry.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Bearer tokens that may be used again; as many as there may be, and no more than {@link #MOST_BYTES} of them. */
final class TokenCache {
    private static final int MOST_TOKENS = 2_000;
    /** Tokens are as long as their service likes, and what they are for as long as a registry's headers may be. */
    static final int MOST_BYTES = 8 << 20;

    private final Cache<TokenKey, Token> kept;

    /** A token and the seconds it may be used; never printed. */
    record Token(String value, int seconds) {
        @Override
        public String toString() {
            return "token";
        }
    }

    TokenCache(Ticker ticker) {
        this.kept = Caffeine.newBuilder()
                .maximumWeight(MOST_BYTES)
                .weigher((TokenKey key, Token token) -> Math.max(MOST_BYTES / MOST_TOKENS, bytes(key, token)))
                .ticker(ticker)
                .expireAfter(Expiry.creating((TokenKey key, Token token) -> Duration.ofSeconds(token.seconds())))
                .build();
    }

    /** Of the texts, which hold a byte a character. */
    static int bytes(TokenKey key, Token token) {
        return key.length() + token.value().length();
    }

    @Nullable
    String get(TokenKey key) {
        Token token = kept.getIfPresent(key);
        return token == null ? null : token.value();
    }

    void put(TokenKey key, Token token) {
        kept.put(key, token);
    }

    void forget(TokenKey key) {
        kept.invalidate(key);
    }

    /** Does at once what is otherwise done in passing. */
    void cleanUp() {
        kept.cleanUp();
    }
}
