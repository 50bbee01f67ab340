package dev.unroot.registry.credentials;

import dev.unroot.common.Deadline;
import dev.unroot.model.ImageReference;
import dev.unroot.registry.Entitlement;
import dev.unroot.review.ImageQuery.PullIdentity;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Port: the credentials that a pull may try, as the kubelet would. */
public interface Credentials {
    /** Called from a worker thread; may block until the deadline. Never throws. */
    Candidates find(ImageReference reference, PullIdentity identity, Deadline deadline);

    /**
     * The keys of what {@link #find} would find, and what to tell whoever owns them. Must not block.
     *
     * @return never fails; complete already where memory answered
     */
    CompletionStage<Entitlement> entitlement(ImageReference reference, PullIdentity identity, Deadline deadline);

    /**
     * What may be tried.
     *
     * @param credentials in this order, never empty. Anonymous only where none matches: the kubelet then asks as nobody
     * @param problems what is wrong with the operator's own credentials, a clause each; holds no secret
     */
    record Candidates(List<Credential> credentials, List<String> problems) {
        public Candidates {
            credentials = List.copyOf(credentials);
            problems = List.copyOf(problems);
        }
    }
}
