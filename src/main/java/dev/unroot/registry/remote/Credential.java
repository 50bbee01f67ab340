package dev.unroot.registry.remote;

/**
 * Who asks a registry. Prints only its key.
 *
 * @param key tells credentials apart, in caches; holds no secret
 */
public record Credential(String key) {
    /** Nobody: what anyone may read. */
    public static final Credential ANONYMOUS = new Credential("anonymous");

    public boolean isAnonymous() {
        return equals(ANONYMOUS);
    }
}
