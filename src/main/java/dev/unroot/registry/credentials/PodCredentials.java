package dev.unroot.registry.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.CredentialKey;
import dev.unroot.registry.Entitlement;
import dev.unroot.registry.Remedies;
import dev.unroot.review.ImageQuery.PullIdentity;
import dev.unroot.review.PullSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The pod's pull secrets and its ServiceAccount's, then the operator's own; anonymous access where none of these is for the
 * image.
 *
 * <p>Source: kubelet, {@code pkg/credentialprovider/secrets/secrets.go} and
 * {@code pkg/kubelet/kuberuntime/kuberuntime_image.go}.
 */
public final class PodCredentials implements Credentials {
    /** Each is a request or three; more are the work of somebody who wants us to make requests. */
    private static final int MOST_TRIED = 16;

    private static final int MOST_TOLD = 5;

    private final PullSecrets secrets;
    private final OperatorCredentials operator;
    private final String remedy;
    private final SecretReader reader;
    private final Fingerprints fingerprints = new Fingerprints();

    /** @param remedy what to tell where there was no credential to show: how to configure one, a clause */
    public PodCredentials(PullSecrets secrets, OperatorCredentials operator, String remedy, Ticker ticker) {
        this.secrets = secrets;
        this.operator = operator;
        this.remedy = remedy;
        this.reader = new SecretReader(ticker);
    }

    @Override
    public Candidates find(ImageReference reference, PullIdentity identity, Deadline deadline) {
        Candidates own = operator.find(reference, deadline);
        List<Credential> all = new ArrayList<>(
                keyring(reference, identity, secrets(identity, deadline)).credentials());
        all.addAll(own.credentials());
        List<Credential> tried = all.stream().distinct().limit(MOST_TRIED).toList();
        return tried.isEmpty()
                ? new Candidates(List.of(Credential.ANONYMOUS), own.problems())
                : new Candidates(tried, own.problems());
    }

    private PullSecrets.Found secrets(PullIdentity identity, Deadline deadline) {
        try {
            return deadline.await(secrets.find(identity, deadline).toCompletableFuture());
        } catch (TimeoutException e) {
            // Whoever waits is told by the entitlement, or by the deadline.
            return PullSecrets.Found.NOTHING;
        } catch (ExecutionException e) {
            throw new CompletionException("the port PullSecrets never fails", e.getCause());
        }
    }

    private SecretKeyring keyring(ImageReference reference, PullIdentity identity, PullSecrets.Found found) {
        return SecretKeyring.of(reference, identity, found, reader, fingerprints);
    }

    @Override
    public CompletionStage<Entitlement> entitlement(
            ImageReference reference, PullIdentity identity, Deadline deadline) {
        return secrets.find(identity, deadline)
                .thenApply(found -> entitlement(reference, keyring(reference, identity, found), found.unread()));
    }

    private Entitlement entitlement(ImageReference reference, SecretKeyring keyring, boolean unread) {
        List<Credential> shown = keyring.credentials();
        List<CredentialKey> keys =
                shown.stream().map(Credential::key).limit(MOST_TRIED).toList();
        return new Entitlement(keys, () -> remark(reference, keyring), unread ? Remedies.PULL_SECRETS : null);
    }

    private String remark(ImageReference reference, SecretKeyring keyring) {
        OperatorCredentials.Tried own = operator.tried(reference);
        List<String> remarks = new ArrayList<>();
        List<String> tried = new ArrayList<>(
                keyring.credentials().stream().map(Credential::name).distinct().toList());
        tried.addAll(own.names());
        if (tried.isEmpty() && !keyring.names().isEmpty()) {
            remarks.add("nothing in " + joined(keyring.names()) + " is for it");
        }
        remarks.addAll(keyring.problems().stream().limit(MOST_TOLD).toList());
        remarks.addAll(own.remarks());
        if (!own.configured() && (tried.isEmpty() || !keyring.problems().isEmpty())) {
            remarks.add(remedy);
        }
        String all = String.join("; ", remarks);
        if (tried.isEmpty()) {
            return "asked without credentials" + (all.isEmpty() ? "" : ": " + all);
        }
        return "tried " + joined(tried) + (all.isEmpty() ? "" : "; " + all);
    }

    private static String joined(List<String> names) {
        String some = names.stream().limit(MOST_TOLD).collect(Collectors.joining(", "));
        return names.size() > MOST_TOLD ? some + " and " + (names.size() - MOST_TOLD) + " more" : some;
    }
}
