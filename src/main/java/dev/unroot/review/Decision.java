package dev.unroot.review;

import dev.unroot.model.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a review comes to.
 *
 * @param denial why the request is denied; null where it is allowed
 * @param warnings for the person who sent it, one line each; none with a denial
 * @param auditAnnotations for the audit log, in order of their keys: {@code enforce-policy}, {@code audit-violations} (violations and what
 *     could not be verified, nothing else), {@code audit-will-not-start}, {@code audit-advice}, {@code stale-images},
 *     {@code exempt}, {@code error}
 * @param evaluations what each mode came to, for metrics; empty where nothing was judged
 */
public record Decision(
        @Nullable String denial,
        List<String> warnings,
        Map<String, String> auditAnnotations,
        List<Evaluation> evaluations) {
    /** Allowed, with nothing to say: not judged at all. */
    public static final Decision NOT_JUDGED = new Decision(null, List.of(), Map.of(), List.of());

    public Decision {
        warnings = List.copyOf(warnings);
        auditAnnotations = Collections.unmodifiableSortedMap(new TreeMap<>(auditAnnotations));
        evaluations = List.copyOf(evaluations);
    }

    /** The same with more warnings. */
    Decision warningAlso(List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new Decision(denial, all, auditAnnotations, evaluations);
    }

    public boolean allowed() {
        return denial == null;
    }

    /** One mode's part. */
    public record Evaluation(Mode mode, Level level, Outcome outcome) {}

    /** What a mode came to; in warn and audit, {@code DENY} is what enforce would do. */
    public enum Outcome {
        ALLOW,
        DENY,
        EXEMPT
    }
}
