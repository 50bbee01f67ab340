package dev.unroot.audit;

import dev.unroot.model.Finding;
import dev.unroot.model.FindingKind;
import dev.unroot.model.Level;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of a workload: of its template and of every pod that differs from it.
 *
 * @param exempt why nobody judges any of it, {@code namespace} or {@code runtimeClass}; null where some of it is judged
 * @param findings at each of {@link JudgedSpec#LEVELS}, each once
 */
public record WorkloadAudit(Workload workload, @Nullable String exempt, Map<Level, List<Finding>> findings) {

    static WorkloadAudit of(Workload workload, List<JudgedSpec> specs) {
        boolean isExempt = specs.stream().allMatch(spec -> spec.exempt() != null);
        String exempt = isExempt && !specs.isEmpty() ? specs.get(0).exempt() : null;
        Map<Level, List<Finding>> findings = new EnumMap<>(Level.class);
        for (Level level : JudgedSpec.LEVELS) {
            Set<Said> said = new HashSet<>();
            List<Finding> each = new ArrayList<>();
            for (JudgedSpec spec : specs) {
                for (Finding finding : spec.findings().getOrDefault(level, List.of())) {
                    if (said.add(Said.by(finding))) {
                        each.add(finding);
                    }
                }
            }
            findings.put(level, List.copyOf(each));
        }
        return new WorkloadAudit(workload, exempt, findings);
    }

    /** A finding wherever it stands: a pod's fields are at other paths than its template's. */
    private record Said(String check, FindingKind kind, String title, String clause) {
        static Said by(Finding finding) {
            String clause = finding.clause().replace(finding.path().toString(), "");
            return new Said(finding.check(), finding.kind(), finding.title(), clause);
        }
    }

    /** The worst of its containers and platforms; ready where it is exempt: enforcing does nothing to it. */
    public State at(Level level) {
        return State.of(findings.getOrDefault(level, List.of()));
    }

    /** The findings that make it what it is at a level; none where it is ready. */
    public List<Finding> reasons(Level level) {
        State state = at(level);
        return state == State.READY
                ? List.of()
                : findings.getOrDefault(level, List.of()).stream()
                        .filter(finding -> State.of(finding) == state)
                        .toList();
    }

    /** Each finding once, under the lowest level that has it. */
    public Map<Level, List<Finding>> byLowestLevel() {
        Map<Level, List<Finding>> lowest = new EnumMap<>(Level.class);
        Set<Said> said = new HashSet<>();
        for (Level level : JudgedSpec.LEVELS) {
            lowest.put(
                    level,
                    findings.getOrDefault(level, List.of()).stream()
                            .filter(finding -> said.add(Said.by(finding)))
                            .toList());
        }
        return lowest;
    }
}
