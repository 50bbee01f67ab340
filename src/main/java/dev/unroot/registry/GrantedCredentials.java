package dev.unroot.registry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * To which credentials the answers of one reading were given: all of them, since each may hold a part of what was read. For
 * any thread.
 */
public final class GrantedCredentials {
    private final Set<CredentialKey> credentials = ConcurrentHashMap.newKeySet();

    /** Another answer. */
    public void givenTo(CredentialKey credential) {
        credentials.add(credential);
    }

    /**
     * To whose credential all that was read may be told. {@link CredentialKey#ANYONE} and {@link CredentialKey#OPERATOR},
     * whose answers are everybody's to have, count beside no other.
     *
     * @return null where nothing was answered, or it took the credentials of two: nobody is known to have both
     */
    public @Nullable CredentialKey credential() {
        CredentialKey all = null;
        for (CredentialKey credential : credentials) {
            if (all == null || all.isEverybodys()) {
                all = credential.isEverybodys() && all != null ? CredentialKey.OPERATOR : credential;
            } else if (!credential.isEverybodys()) {
                return null;
            }
        }
        return all;
    }
}
