package dev.unroot.registry.credentials;

import org.jspecify.annotations.Nullable;

/** Makes of what configs and helpers hold what is shown to a registry. */
final class AuthConfigs {
    /** Characters. A header of more is refused by most servers. */
    static final int LONGEST = 12 * 1024;

    private AuthConfigs() {}

    /**
     * A user name and a secret, as containerd takes them: a secret of nobody's is a refresh token.
     *
     * @return null where there is no secret
     */
    static @Nullable AuthConfig of(String username, String secret) {
        if (secret.isEmpty()) {
            return null;
        }
        return username.isEmpty() ? new AuthConfig.IdentityToken(secret) : new AuthConfig.Password(username, secret);
    }

    /** Whether it may stand in a header, where nothing may end that header; the empty one may. */
    static boolean isToken(String text) {
        return text.length() <= LONGEST && text.chars().allMatch(c -> c > ' ' && c <= '~');
    }
}
