package dev.unroot.review;

import dev.unroot.common.Deadline;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Port: the Secrets that a pod's images may be pulled with. */
public interface PullSecrets {
    /** Nobody's Secrets can be read: outside a cluster, and where Unroot was given no right to. */
    PullSecrets NONE = (identity, deadline) -> CompletableFuture.completedFuture(Found.NOTHING);

    /**
     * The pod's {@code imagePullSecrets}, in order, each once; where it names none, those of its ServiceAccount
     * ({@code default} where it names none either). A pod that is being admitted has them already, a controller's
     * template does not.
     *
     * <p>Source: Kubernetes {@code plugin/pkg/admission/serviceaccount/admission.go}, which copies a ServiceAccount's
     * only into a pod without any.
     *
     * @return never fails: a Secret that could not be read is a problem, and hides none of the others. Complete already
     *     where memory answered
     */
    CompletionStage<Found> find(PullIdentity identity, Deadline deadline);

    /**
     * What was found.
     *
     * @param problems a sentence part for each Secret or ServiceAccount that could not be read, which names it and says
     *     why, such as {@code Secret team/registry does not exist}; holds nothing of what is in a Secret
     */
    record Found(List<PullSecret> secrets, List<String> problems, boolean unread) {
        public static final Found NOTHING = new Found(List.of(), List.of());

        public Found {
            secrets = List.copyOf(secrets);
            problems = List.copyOf(problems);
        }

        public Found(List<PullSecret> secrets, List<String> problems) {
            this(secrets, problems, false);
        }

        /** Of a namespace whose Secrets are not to be read: whatever the pod named, it would not be looked at. */
        public static Found unread(String problem) {
            return new Found(List.of(), List.of(problem), true);
        }
    }
}
