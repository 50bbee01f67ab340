package dev.unroot.registry;

import org.jspecify.annotations.Nullable;

/**
 * What has come of a pull, and to whom it may be told.
 *
 * @param credential that all of it was given to; {@link CredentialKey#ANYONE} or {@link CredentialKey#OPERATOR} where it is
 *     everybody's to have. Null where that is not known, or it took the credentials of two: nobody is known to have both
 */
public record Answer<T>(T value, @Nullable CredentialKey credential) {
    /** With the credentials that have been granted anything in that pull until now. */
    public static <T> Answer<T> of(Pull pull, T value) {
        return new Answer<>(value, pull.granted().credential());
    }
}
