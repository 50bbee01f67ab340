package dev.unroot.registry.remote;

/** What is shown to a registry or its token service. None of these prints what it holds. */
public sealed interface Proof {
    /** Nothing. */
    Proof NONE = new Nothing();

    /** Nothing is shown: what anyone may read. */
    record Nothing() implements Proof {}

    /** For Basic authentication, of the registry or of its token service. */
    record Password(String username, String password) implements Proof {
        @Override
        public String toString() {
            return "Password";
        }
    }

    /** A refresh token, for the token service alone: the docker config's {@code identitytoken}. */
    record IdentityToken(String token) implements Proof {
        @Override
        public String toString() {
            return "IdentityToken";
        }
    }

    /** A bearer token that the registry takes as it is: the docker config's {@code registrytoken}. */
    record RegistryToken(String token) implements Proof {
        @Override
        public String toString() {
            return "RegistryToken";
        }
    }
}
