package dev.unroot.cluster;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.unroot.cluster.ObjectCache.Key;
import dev.unroot.common.Deadline;
import dev.unroot.common.ObjectNames;
import dev.unroot.common.Text;
import dev.unroot.review.ImageQuery.PullIdentity;
import dev.unroot.review.PullSecret;
import dev.unroot.review.PullSecrets;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Pull secrets of the cluster: single Secrets and ServiceAccounts by {@code get}, never a list or a watch of what Unroot
 * has no business with. Remembered, so that admissions do not cost requests.
 */
public final class ClusterPullSecrets implements PullSecrets {
    private static final String DEFAULT_SERVICE_ACCOUNT = "default";
    /** What a pod names is a stranger's word, and each name costs a request. */
    private static final int MOST_NAMES = 32;

    private final Predicate<String> namespaces;
    private final ApiReader api;
    private final ObjectCache<PullSecret> secrets;
    private final ObjectCache<List<String>> serviceAccounts;

    ClusterPullSecrets(ApiReader api, Predicate<String> namespaces, Ticker clock) {
        this.api = api;
        this.namespaces = namespaces;
        this.secrets = new ObjectCache<>(
                "Secret",
                new ObjectReads<>(api, "Secret", "secrets", new PullSecretParser(api)),
                secret -> secret.config().length(),
                clock);
        this.serviceAccounts = new ObjectCache<>(
                "ServiceAccount",
                new ObjectReads<>(
                        api, "ServiceAccount", "serviceaccounts", (key, body) -> new ReadResult.Known<>(names(body))),
                names -> names.stream().mapToInt(String::length).sum(),
                clock);
    }

    /** @param namespaces those whose Secrets may be read; of others not even the attempt is made */
    public static ClusterPullSecrets of(ClusterConnection connection, Predicate<String> namespaces) {
        return new ClusterPullSecrets(new ApiReader(connection.client()), namespaces, Ticker.systemTicker());
    }

    @Override
    public CompletionStage<Found> find(PullIdentity identity, Deadline deadline) {
        String namespace = identity.namespace();
        if (namespace == null || !ObjectNames.isLabel(namespace)) {
            return done(Found.NOTHING);
        }
        if (!namespaces.test(namespace)) {
            return done(Found.unread("pull secrets in namespace " + namespace
                    + " are not read, since imageLookup.pullSecrets does not name it"));
        }
        if (!identity.imagePullSecrets().isEmpty()) {
            return read(namespace, identity.imagePullSecrets(), deadline);
        }
        String named = identity.serviceAccountName();
        String serviceAccount = named == null || named.isEmpty() ? DEFAULT_SERVICE_ACCOUNT : named;
        if (!ObjectNames.isSubdomain(serviceAccount)) {
            return done(problem(Text.quote(serviceAccount) + " cannot be a ServiceAccount's name"));
        }
        return serviceAccounts
                .find(new Key(namespace, serviceAccount), deadline)
                .thenCompose(outcome -> {
                    if (outcome instanceof ReadResult.Known<List<String>> known) {
                        return read(namespace, known.value(), deadline);
                    }
                    return done(problem(problemOf(outcome)));
                });
    }

    /** All at once, in order, each name once. */
    private CompletionStage<Found> read(String namespace, List<String> names, Deadline deadline) {
        Set<String> each = new LinkedHashSet<>(names);
        List<CompletableFuture<ReadResult<PullSecret>>> reads = new ArrayList<>();
        List<String> problems = new ArrayList<>(0);
        for (String name : each) {
            if (reads.size() == MOST_NAMES) {
                problems.add("only the first " + MOST_NAMES + " pull secrets were read");
                break;
            }
            if (ObjectNames.isSubdomain(name)) {
                reads.add(secrets.find(new Key(namespace, name), deadline));
            } else {
                problems.add(Text.quote(name) + " cannot be a Secret's name");
            }
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> found(reads, problems));
    }

    private static Found found(List<CompletableFuture<ReadResult<PullSecret>>> reads, List<String> before) {
        List<PullSecret> found = new ArrayList<>(reads.size());
        List<String> problems = new ArrayList<>(before);
        for (CompletableFuture<ReadResult<PullSecret>> read : reads) {
            ReadResult<PullSecret> outcome = read.join();
            if (outcome instanceof ReadResult.Known<PullSecret> known) {
                found.add(known.value());
            } else {
                problems.add(problemOf(outcome));
            }
        }
        return new Found(found, problems);
    }

    private List<String> names(byte[] body) {
        List<LocalObjectReference> references =
                api.parse(body, ServiceAccount.class).getImagePullSecrets();
        List<String> names = new ArrayList<>(references.size());
        for (LocalObjectReference reference : references) {
            if (reference.getName() != null && !reference.getName().isEmpty()) {
                names.add(reference.getName());
            }
        }
        return List.copyOf(names);
    }

    private static String problemOf(ReadResult<?> outcome) {
        if (outcome instanceof ReadResult.Useless<?> useless) {
            return useless.problem();
        }
        return outcome instanceof ReadResult.Failed<?> failed ? failed.problem() : "";
    }

    private static Found problem(String problem) {
        return new Found(List.of(), List.of(problem));
    }

    private static CompletionStage<Found> done(Found found) {
        return CompletableFuture.completedFuture(found);
    }
}
