package dev.unroot.registry.documents;

import java.io.IOException;

/** A manifest of schema 1. Source: containerd and Docker, which refuse to pull such images. */
public final class OutdatedManifestException extends IOException {
    private static final long serialVersionUID = 1L;

    OutdatedManifestException() {
        super("it is in Docker's schema 1, which container runtimes no longer take");
    }
}
