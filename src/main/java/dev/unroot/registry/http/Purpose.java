package dev.unroot.registry.http;

import dev.unroot.registry.credentials.Credential;

/** What a request is for, and on whose behalf: a limit on one says nothing of another. */
public record Purpose(Step step, Credential credential) {
    /** A part of a lookup; registries count them apart (Docker Hub counts a manifest's GET, and neither HEAD nor blobs). */
    public enum Step {
        /** Which digest a tag has. */
        CONFIRM,
        MANIFEST,
        BLOB,
        TOKEN
    }
}
