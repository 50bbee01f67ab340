package dev.unroot.registry.access;

import dev.unroot.registry.credentials.Credential;
import dev.unroot.registry.http.Url;
import dev.unroot.registry.place.Origin;

/**
 * What a bearer token is good for: tokens are asked for, and kept, by this.
 *
 * @param registry who challenged, and is shown the token: whatever it names as its own token service, it neither gets nor
 *     discards what another registry's challenge has fetched there
 */
public record TokenKey(Origin registry, Url realm, String service, String scope, Credential credential) {
    /** Who is asked for it. */
    Origin origin() {
        return realm.origin();
    }

    /** Characters of what a registry chose, which it may make as long as its headers may be. */
    int length() {
        return realm.target().length() + service.length() + scope.length();
    }
}
