package dev.unroot.model;

/** The names by which Docker Hub goes: references, clients, docker configs and its own servers each have another one. */
public final class DockerHub {
    /** In references, and in whatever is matched with them. */
    public static final String REGISTRY = "docker.io";
    /** In references and docker configs too: its first API was there. */
    public static final String INDEX = "index.docker.io";
    /** Where its API is. */
    public static final String API = "registry-1.docker.io";
    /** Where its tokens are had. */
    public static final String TOKEN_SERVICE = "auth.docker.io";
    /** What Docker asks credential helpers for. */
    public static final String CREDENTIALS_SERVER = "https://" + INDEX + "/v1/";

    private DockerHub() {}

    /** A registry as references name it. */
    public static String normalized(String registry) {
        return registry.equals(INDEX) ? REGISTRY : registry;
    }

    /** The host, and port, where a registry's API is. */
    public static String apiOf(String registry) {
        return registry.equals(REGISTRY) ? API : registry;
    }
}
