package dev.unroot.model;

/** The lists a container can stand in. A sidecar is an init container with {@code restartPolicy: Always}. */
public enum ContainerType {
    INIT("init container"),
    SIDECAR("sidecar container"),
    APP("container"),
    EPHEMERAL("ephemeral container");

    private final String noun;

    ContainerType(String noun) {
        this.noun = noun;
    }

    /** What to call it in a message. */
    public String noun() {
        return noun;
    }
}
