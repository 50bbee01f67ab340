package dev.unroot.review;

import dev.unroot.common.Deadline;
import dev.unroot.model.Subject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Port: the pods that a namespace has already. */
public interface ExistingPods {
    /** None are known: outside a cluster. */
    ExistingPods NONE = (namespace, most, deadline) -> CompletableFuture.completedFuture(Found.NOTHING);

    /**
     * Lists pods that have not finished (neither {@code Succeeded} nor {@code Failed}).
     *
     * @param most how many to read at most; of the rest nothing is asked
     * @return never fails. With what was read by the deadline, where time was short
     */
    CompletionStage<Found> list(String namespace, int most, Deadline deadline);

    /**
     * What was found.
     *
     * @param isCut whether the namespace has more of them, which were left out because so many were enough
     * @param problem why there may be more than {@code pods} for another reason, half a sentence; null where there are not
     */
    record Found(
            List<Subject> pods, boolean isCut, @Nullable String problem) {
        public static final Found NOTHING = new Found(List.of(), false, null);

        public Found {
            pods = List.copyOf(pods);
        }
    }
}
