package dev.unroot.manifest;

import dev.unroot.model.Subject;

/** What was found at one place of a manifest file. What cannot be read is a value too: the rest still counts. */
public sealed interface ManifestResult {
    ManifestLocation location();

    /** An object, whether it makes pods or not. */
    record Found(ManifestLocation location, Subject subject) implements ManifestResult {}

    /**
     * An object that seems to make pods, of a kind that is not known to.
     *
     * @param message a sentence without full stop, without the place
     */
    record NotJudged(ManifestLocation location, Subject subject, String message) implements ManifestResult {}

    /**
     * Something that Kubernetes would not take, or that could not be read at all.
     *
     * @param message a sentence without full stop, without the place
     */
    record Unreadable(ManifestLocation location, String message) implements ManifestResult {}
}
