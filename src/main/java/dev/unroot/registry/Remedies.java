package dev.unroot.registry;

/** What to do about failures that their cause's own advice does not fit. As in {@link dev.unroot.model.UnknownCause#fix}. */
public final class Remedies {
    public static final String REDIRECTS = "Have whoever runs the registry mend its redirects";
    public static final String TOKEN_SERVICE = "Have whoever runs the registry mend its token service";
    public static final String NO_REGISTRY = "Check that a registry listens at that host and port";
    public static final String NO_PLAIN_REGISTRY =
            NO_REGISTRY + ", and without TLS: else remove plainHttp of that host under imageLookup.registries";
    /** Clients since Docker 1.10 (2016) push schema 2. */
    public static final String SCHEMA_1 = "Push the image again with a newer client, which makes a manifest of today";

    /** An imagePullSecret would help the node, and not Unroot. */
    public static final String PULL_SECRETS =
            "Have whoever runs Unroot set the chart's value pullSecrets (imageLookup.pullSecrets) for this namespace";

    private Remedies() {}
}
