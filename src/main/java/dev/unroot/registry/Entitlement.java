package dev.unroot.registry;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a pod may show to a registry for one image, beside what everybody may.
 *
 * @param credentials in the order in which they are tried; empty for none
 * @param remark what to add where the registry refuses, {@code tried Secret team/registry}: names the pod's own Secrets, so
 *     it is told to nobody else. Empty for nothing; holds nothing of what is in a Secret
 */
public record Entitlement(List<CredentialKey> credentials, String remark) {
    public static final Entitlement NONE = new Entitlement(List.of(), "");

    public Entitlement {
        credentials = List.copyOf(credentials);
    }

    /** This, and what may be shown to a mirror for the same image. */
    public Entitlement and(Entitlement mirrors) {
        return new Entitlement(
                Stream.concat(credentials.stream(), mirrors.credentials.stream())
                        .distinct()
                        .toList(),
                remark);
    }

    /** The same facts; where the registry refused, with the remark. */
    public ImageFacts explain(ImageFacts facts) {
        return facts instanceof ImageFacts.Unknown unknown
                        && unknown.cause() == UnknownCause.UNAUTHORIZED
                        && !remark.isEmpty()
                ? new ImageFacts.Unknown(unknown.cause(), unknown.reason() + " (" + remark + ")")
                : facts;
    }
}
