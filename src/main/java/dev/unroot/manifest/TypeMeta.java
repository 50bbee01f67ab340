package dev.unroot.manifest;

/** An object's {@code apiVersion} ({@code v1}, {@code apps/v1}) and {@code kind}. */
public record TypeMeta(String apiVersion, String kind) {
    /** The part of the apiVersion before the slash; empty for the core group. */
    public String group() {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** The apiVersion of a group and version as an AdmissionReview gives them. */
    public static TypeMeta of(String group, String version, String kind) {
        return new TypeMeta(group.isEmpty() ? version : group + "/" + version, kind);
    }
}
