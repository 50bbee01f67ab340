package dev.unroot.registry;

import dev.unroot.model.ImageFacts;
import dev.unroot.model.UnknownCause;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a pod may show to a registry for one image, beside what everybody may. Not for keeping: what was tried is known only
 * once the registry has been asked.
 */
public final class Entitlement {
    private final List<CredentialKey> credentials;
    private final Supplier<String> remark;
    private final @Nullable String fix;

    /**
     * @param credentials in the order in which they are tried; empty for none
     * @param remark asked for where the registry has refused, and what to add then: {@code tried Secret team/registry}. Names
     *     the pod's own Secrets, so it is told to nobody else. Empty for nothing; holds nothing of what is in a Secret
     * @param fix what to do where the registry has refused; null for what {@link UnknownCause#fix} says of it
     */
    public Entitlement(List<CredentialKey> credentials, Supplier<String> remark, @Nullable String fix) {
        this.credentials = List.copyOf(credentials);
        this.remark = remark;
        this.fix = fix;
    }

    /** In the order in which they are tried; empty for none. */
    public List<CredentialKey> credentials() {
        return credentials;
    }

    /** What to add where the registry has refused; does not block. */
    public String remark() {
        return remark.get();
    }

    /** This, and what may be shown to a mirror for the same image. */
    public Entitlement and(Entitlement mirrors) {
        return new Entitlement(
                Stream.concat(credentials.stream(), mirrors.credentials.stream())
                        .distinct()
                        .toList(),
                remark,
                fix);
    }

    /** The same facts; where the registry refused, with the remark. */
    public ImageFacts explain(ImageFacts facts) {
        if (!(facts instanceof ImageFacts.Unknown unknown) || unknown.cause() != UnknownCause.UNAUTHORIZED) {
            return facts;
        }
        String added = remark();
        boolean usual = unknown.fix().equals(unknown.cause().fix());
        return added.isEmpty()
                ? facts
                : new ImageFacts.Unknown(
                        unknown.cause(),
                        unknown.reason() + " (" + added + ")",
                        fix != null && usual ? fix : unknown.fix());
    }
}
