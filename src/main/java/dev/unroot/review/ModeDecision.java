package dev.unroot.review;

import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.Level;
import dev.unroot.review.Decision.Evaluation;
import dev.unroot.review.Decision.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns what was found at each mode's level into one decision. Keys as pod-security-admission's. */
final class ModeDecision {
    private static final String ENFORCE_POLICY = "enforce-policy";
    /** Under this one nothing but what enforcing the level would deny, or could not verify: it is counted and alarmed on. */
    private static final String AUDIT_VIOLATIONS = "audit-violations";
    /** What enforcing the level would admit, but its node not start. */
    private static final String AUDIT_WILL_NOT_START = "audit-will-not-start";
    /** What could be better. */
    private static final String AUDIT_ADVICE = "audit-advice";
    /** What was judged by an old answer, be it that enforce admitted it or that audit saw it. */
    private static final String STALE_IMAGES = "stale-images";

    private static final String EXEMPT = "exempt";
    private static final String ERROR = "error";

    private ModeDecision() {}

    static Decision exempt(String reason) {
        return new Decision(
                null,
                List.of(),
                Map.of(EXEMPT, reason),
                List.of(new Evaluation(Mode.ENFORCE, Level.NONE, Outcome.EXEMPT)));
    }

    static Decision of(JudgedPod judged, Modes modes, @Nullable String error) {
        Map<String, String> annotations = new TreeMap<>();
        if (error != null) {
            annotations.put(ERROR, error);
        }
        List<Evaluation> evaluations = new ArrayList<>(3);

        boolean isHeard = modes.enforce() == modes.warn() || modes.enforce() == modes.audit();
        List<Finding> enforced = isHeard ? judged.findings(modes.enforce()) : judged.withoutAdvice(modes.enforce());
        List<Finding> denying = denying(judged, enforced);
        if (modes.enforce() != Level.NONE) {
            annotations.put(ENFORCE_POLICY, modes.enforce().label());
            evaluations.add(evaluation(Mode.ENFORCE, modes.enforce(), denying.isEmpty()));
        }

        if (modes.audit() != Level.NONE) {
            annotate(annotations, worth(judged, Mode.AUDIT, modes.audit(), evaluations));
        }

        Set<String> warnings = new LinkedHashSet<>();
        if (modes.warn() != Level.NONE) {
            warnings.addAll(Messages.warnings(worth(judged, Mode.WARN, modes.warn(), evaluations)));
        }
        // What enforce found but was told to let through with a warning, and what it let through by an old answer.
        for (Finding finding : enforced) {
            if (finding.tellsOfStaleImage()
                    || finding.kind() == FindingKind.UNVERIFIED && judged.warns(finding) && !judged.denies(finding)) {
                warnings.add(finding.message());
            }
        }
        Set<String> stale = staleImages(enforced, Set.of());
        if (modes.audit() != Level.NONE) {
            stale = staleImages(judged.findings(modes.audit()), stale);
        }
        if (!stale.isEmpty()) {
            annotations.put(STALE_IMAGES, String.join(" ", stale));
        }

        return denying.isEmpty()
                ? new Decision(null, List.copyOf(warnings), annotations, evaluations)
                : new Decision(Messages.denial(denying), List.of(), annotations, evaluations);
    }

    private static List<Finding> denying(JudgedPod judged, List<Finding> findings) {
        List<Finding> denying = new ArrayList<>(findings.size());
        for (Finding finding : findings) {
            if (judged.denies(finding)) {
                denying.add(finding);
            }
        }
        return denying;
    }

    /** What was judged by an old answer, whatever else there is to say, together with what is known already. */
    private static Set<String> staleImages(List<Finding> findings, Set<String> known) {
        Set<String> stale = known;
        for (Finding finding : findings) {
            if (finding.tellsOfStaleImage()) {
                stale = stale.isEmpty() ? new LinkedHashSet<>() : stale;
                stale.add(finding.message());
            }
        }
        return stale;
    }

    /** What a mode that denies nothing has to say. */
    private static List<Finding> worth(JudgedPod judged, Mode mode, Level level, List<Evaluation> evaluations) {
        List<Finding> worth = new ArrayList<>();
        boolean clean = true;
        for (Finding finding : judged.findings(level)) {
            if (judged.warns(finding)) {
                worth.add(finding);
                clean &= !judged.denies(finding);
            }
        }
        evaluations.add(evaluation(mode, level, clean));
        return worth;
    }

    private static void annotate(Map<String, String> annotations, List<Finding> findings) {
        Map<String, List<Finding>> byKey = new HashMap<>();
        for (Finding finding : findings) {
            if (!finding.tellsOfStaleImage()) {
                byKey.computeIfAbsent(auditKey(finding.kind()), key -> new ArrayList<>(findings.size()))
                        .add(finding);
            }
        }
        byKey.forEach((key, about) -> annotations.put(key, String.join(" ", Messages.warnings(about))));
    }

    private static String auditKey(FindingKind kind) {
        return switch (kind) {
            case VIOLATION, UNVERIFIED -> AUDIT_VIOLATIONS;
            case WILL_NOT_START -> AUDIT_WILL_NOT_START;
            case ADVICE -> AUDIT_ADVICE;
        };
    }

    private static Evaluation evaluation(Mode mode, Level level, boolean clean) {
        return new Evaluation(mode, level, clean ? Outcome.ALLOW : Outcome.DENY);
    }
}
