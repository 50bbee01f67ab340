package dev.unroot.review;

import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.Level;
import dev.unroot.review.Decision.Evaluation;
import dev.unroot.review.Decision.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Turns what was found at each mode's level into one decision. Keys as pod-security-admission's. */
final class ModeDecision {
    private static final String ENFORCE_POLICY = "enforce-policy";
    private static final String AUDIT_VIOLATIONS = "audit-violations";
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

        List<Finding> enforced = judged.findings(modes.enforce());
        List<Finding> denying = enforced.stream().filter(judged::denies).toList();
        if (modes.enforce() != Level.NONE) {
            annotations.put(ENFORCE_POLICY, modes.enforce().label());
            evaluations.add(evaluation(Mode.ENFORCE, modes.enforce(), denying.isEmpty()));
        }

        if (modes.audit() != Level.NONE) {
            List<Finding> audited = worthTelling(judged, judged.findings(modes.audit()));
            evaluations.add(
                    evaluation(Mode.AUDIT, modes.audit(), audited.stream().noneMatch(judged::denies)));
            if (!audited.isEmpty()) {
                annotations.put(AUDIT_VIOLATIONS, Messages.audit(audited));
            }
        }

        Set<String> warnings = new LinkedHashSet<>();
        if (modes.warn() != Level.NONE) {
            List<Finding> warned = worthTelling(judged, judged.findings(modes.warn()));
            evaluations.add(evaluation(Mode.WARN, modes.warn(), warned.stream().noneMatch(judged::denies)));
            warnings.addAll(Messages.warnings(warned));
        }
        // What enforce found but was told to let through with a warning.
        enforced.stream()
                .filter(finding -> finding.kind() == FindingKind.UNVERIFIED)
                .filter(finding -> judged.warns(finding) && !judged.denies(finding))
                .forEach(finding -> warnings.add(finding.message()));

        return denying.isEmpty()
                ? new Decision(null, List.copyOf(warnings), annotations, evaluations)
                : new Decision(Messages.denial(denying), List.of(), annotations, evaluations);
    }

    private static List<Finding> worthTelling(JudgedPod judged, List<Finding> findings) {
        return findings.stream().filter(judged::warns).toList();
    }

    private static Evaluation evaluation(Mode mode, Level level, boolean clean) {
        return new Evaluation(mode, level, clean ? Outcome.ALLOW : Outcome.DENY);
    }
}
