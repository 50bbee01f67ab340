package dev.unroot.manifest;

import dev.unroot.model.FieldPath;
import dev.unroot.model.Subject;

/** What was found at one place of a manifest file. What cannot be read is a value too: the rest still counts. */
public sealed interface ManifestResult {
    ManifestLocation location();

    /** An object, whether it makes pods or not. */
    record Found(ManifestLocation location, Subject subject) implements ManifestResult {}

    /**
     * An object that seems to make pods, of a kind that is not known to, or without the containers that it would judge.
     *
     * @param message a sentence without full stop, without the place
     */
    record NotJudged(ManifestLocation location, Subject subject, String message) implements ManifestResult {
        /**
         * For a known kind's object whose containers are elsewhere, or which is a patch: no API server takes it as it is.
         *
         * @param pod where its pod is
         */
        public static NotJudged withoutContainers(ManifestLocation location, Subject subject, FieldPath pod) {
            String message = UnknownKind.notJudged(subject) + "it has no containers at " + pod
                    + ". See how they are spelt and where they stand; a patch is judged with what it is applied to";
            return new NotJudged(location, subject, message);
        }
    }

    /**
     * Something that Kubernetes would not take, or that could not be read at all.
     *
     * @param message a sentence without full stop, without the place
     */
    record Unreadable(ManifestLocation location, String message) implements ManifestResult {}
}
