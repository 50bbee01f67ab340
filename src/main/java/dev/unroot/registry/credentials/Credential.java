package dev.unroot.registry.credentials;

import dev.unroot.registry.CredentialKey;

/**
 * Who asks a registry. Prints its name and nothing else; two that prove the same are equal.
 *
 * @param name where it comes from, {@code Secret team/registry}: for messages to its owner
 * @param key tells it apart in caches of answers; holds no secret
 * @param authConfig what is shown to the registry
 */
public record Credential(String name, CredentialKey key, AuthConfig authConfig) {
    /** Nobody: what anyone may read. */
    public static final Credential ANONYMOUS = new Credential("anonymous", CredentialKey.ANYONE, AuthConfig.NONE);

    public boolean isAnonymous() {
        return authConfig.equals(AuthConfig.NONE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Credential credential && authConfig.equals(credential.authConfig);
    }

    @Override
    public int hashCode() {
        return authConfig.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
