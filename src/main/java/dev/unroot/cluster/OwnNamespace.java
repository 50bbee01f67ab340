package dev.unroot.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The namespace of the pod that this runs in, as the kubelet writes it beside the service account's token. */
public final class OwnNamespace {
    private static final Path FILE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    private OwnNamespace() {}

    /** Empty where this is no pod, or one without a service account's token. */
    public static Optional<String> find() {
        try {
            return Optional.of(Files.readString(FILE).strip()).filter(name -> !name.isEmpty());
        } catch (IOException noPod) {
            return Optional.empty();
        }
    }
}
