package dev.unroot.registry.remote;

import java.net.URI;

/** What a bearer token is good for: tokens are asked for, and kept, by this. */
record TokenKey(URI realm, Origin origin, String service, String scope, Credential credential) {
    /** Characters of what a registry chose, which it may make as long as its headers may be. */
    int length() {
        return realm.toString().length() + service.length() + scope.length();
    }
}
