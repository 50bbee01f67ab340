package dev.unroot.cases;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to ask Unroot about a case's manifest. */
interface CaseRunner {
    Outcome run(CaseFile file) throws Exception;

    /**
     * What came of it.
     *
     * @param allowed whether the pod, or the controller's pods, would be admitted; for a webhook, whether it admits the
     *     object
     * @param findings null where this way to ask does not tell them one by one
     */
    record Outcome(boolean allowed, @Nullable List<ExpectedFinding> findings) {}
}
