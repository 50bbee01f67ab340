package dev.unroot.review;

import dev.unroot.common.Deadline;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Port: what a namespace's {@code unroot.dev/*} labels say. */
public interface Namespaces {
    /**
     * The labels under {@code unroot.dev/}, keyed in full; none for a namespace without any.
     *
     * @return fails with an {@link UndecidedException} where the namespace cannot be read in time. Complete already where memory answered
     */
    CompletionStage<Map<String, String>> labels(String namespace, Deadline deadline);

    /**
     * The same, as they are at this moment, whatever memory says.
     *
     * @return fails likewise where the namespace cannot be read in time
     */
    default CompletionStage<Map<String, String>> current(String namespace, Deadline deadline) {
        return labels(namespace, deadline);
    }
}
