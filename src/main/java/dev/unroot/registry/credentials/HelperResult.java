package dev.unroot.registry.credentials;

/** What a credential helper said. */
sealed interface HelperResult {
    /** It has no credential for that registry. */
    HelperResult NOTHING = new Nothing();

    /** It has one. */
    record Found(AuthConfig authConfig) implements HelperResult {}

    /** It knows of none. */
    record Nothing() implements HelperResult {}

    /**
     * It failed.
     *
     * @param problem a clause that names the helper; holds nothing of what it wrote, which may be a secret
     */
    record Failed(String problem) implements HelperResult {}
}
