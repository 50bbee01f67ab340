package dev.unroot.registry.credentials;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What is shown to a registry or its token service. None of these prints what it holds. */
public sealed interface AuthConfig {
    /** Nothing. */
    AuthConfig NONE = new Nothing();

    /** The Authorization header's value for Basic authentication; null where this is no password. */
    default @Nullable String basic() {
        return null;
    }

    /** That header's value where it needs no challenge; null where it does. */
    default @Nullable String preemptive() {
        return null;
    }

    /** Nothing is shown: what anyone may read. */
    record Nothing() implements AuthConfig {}

    /** For Basic authentication, of the registry or of its token service. */
    record Password(String username, String password) implements AuthConfig {
        @Override
        public String basic() {
            byte[] both = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(both);
        }

        @Override
        public String toString() {
            return "Password";
        }
    }

    /** A refresh token, for the token service alone: the docker config's {@code identitytoken}. */
    record IdentityToken(String token) implements AuthConfig {
        @Override
        public String toString() {
            return "IdentityToken";
        }
    }

    /** A bearer token that the registry takes as it is: the docker config's {@code registrytoken}. */
    record RegistryToken(String token) implements AuthConfig {
        @Override
        public String preemptive() {
            return "Bearer " + token;
        }

        @Override
        public String toString() {
            return "RegistryToken";
        }
    }
}
