package dev.unroot.registry.cache;

import dev.unroot.model.Platform;
import dev.unroot.registry.CredentialKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By which what is known of an image never changes: the digest, and the platforms asked for. And to whom it may be told.
 *
 * @param reader whose it is; null where it is everybody's
 */
record ImageKey(
        String digest, List<Platform> platforms, @Nullable Reader reader) {
    ImageKey {
        platforms = List.copyOf(platforms);
    }

    /** Everybody's. */
    ImageKey(String digest, List<Platform> platforms) {
        this(digest, platforms, null);
    }

    /**
     * A credential that a repository has served the image's content to. Another repository may claim to have that digest,
     * whoever owns it, and who guesses a credential may show the guess to a registry of his own.
     *
     * @param repository with its registry: {@code ghcr.io/team/app}
     */
    record Reader(String repository, CredentialKey credential) {
        static @Nullable Reader of(LookupKey key, CredentialKey credential) {
            return credential.isEverybodys() ? null : new Reader(key.reference().name(), credential);
        }
    }
}
