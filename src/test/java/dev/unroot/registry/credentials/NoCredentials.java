package dev.unroot.registry.credentials;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.Entitlement;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** There are none: everyone asks as nobody. */
public final class NoCredentials implements Credentials {
    public static final Candidates ANONYMOUS = new Candidates(List.of(Credential.ANONYMOUS), List.of());
    public static final Entitlement ENTITLEMENT = new Entitlement(List.of(), () -> "", null);

    @Override
    public Candidates find(ImageReference reference, PullIdentity identity, Deadline deadline) {
        return ANONYMOUS;
    }

    @Override
    public CompletionStage<Entitlement> entitlement(
            ImageReference reference, PullIdentity identity, Deadline deadline) {
        return CompletableFuture.completedFuture(ENTITLEMENT);
    }
}
