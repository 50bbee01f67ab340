package dev.unroot.registry.remote;

import java.net.URI;

/**
 * What a bearer token is good for: tokens are asked for, and kept, by this.
 *
 * @param registry who challenged, and is shown the token: whatever it names as its own token service, it neither gets nor
 *     discards what another registry's challenge has fetched there
 */
record TokenKey(Origin registry, URI realm, Origin origin, String service, String scope, Credential credential) {
    /** Characters of what a registry chose, which it may make as long as its headers may be. */
    int length() {
        return realm.toString().length() + service.length() + scope.length();
    }
}
