package dev.unroot.registry.remote;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.credentials.AuthConfig;
import dev.unroot.registry.credentials.Credential;
import dev.unroot.registry.credentials.Credentials;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The same for every image and everybody. */
record GivenCredentials(List<Credential> credentials, List<String> problems) implements Credentials {
    static GivenCredentials of(AuthConfig... authConfigs) {
        return new GivenCredentials(
                List.of(authConfigs).stream()
                        .map(authConfig ->
                                new Credential("given", new CredentialKey("key of " + authConfig), authConfig))
                        .toList(),
                List.of());
    }

    @Override
    public Candidates find(ImageReference reference, PullIdentity identity, Deadline deadline) {
        return new Candidates(credentials, problems);
    }

    @Override
    public CompletionStage<Entitlement> entitlement(
            ImageReference reference, PullIdentity identity, Deadline deadline) {
        List<CredentialKey> keys = credentials.stream().map(Credential::key).toList();
        return CompletableFuture.completedFuture(new Entitlement(keys, () -> "", null));
    }
}
