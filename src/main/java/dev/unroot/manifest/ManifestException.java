package dev.unroot.manifest;

import dev.unroot.model.FieldPath;

/** An object that cannot be read as Kubernetes would read it. */
public final class ManifestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient FieldPath path;

    /** @param message a sentence that names the field, what it holds, and what it should */
    public ManifestException(FieldPath path, String message) {
        super(message);
        this.path = path;
    }

    /** The field that could not be read. */
    public FieldPath path() {
        return path;
    }
}
