package dev.unroot.command;

import dev.unroot.audit.AuditReport;
import dev.unroot.audit.JudgedSpec;
import dev.unroot.audit.NamespaceAudit;
import dev.unroot.audit.WorkloadAudit;
import dev.unroot.model.Container;
import dev.unroot.model.Finding;
import dev.unroot.model.Level;
import dev.unroot.review.Mode;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The one step that brings a namespace furthest: a label where nothing stands in its way, else what most workloads wait for. */
final class NextStep {
    private NextStep() {}

    static String of(NamespaceAudit namespace, AuditReport report) {
        if (namespace.workloads() == 0) {
            return "nothing: no workload is in it";
        }
        Level enforced = Level.parse(namespace.labels().getOrDefault(Mode.ENFORCE.namespaceLabel(), ""))
                .orElse(Level.NONE);
        Level ready = Level.NONE;
        for (Level level : JudgedSpec.LEVELS) {
            if (!namespace.isReady(level)) {
                break;
            }
            ready = level;
        }
        if (!enforced.includes(ready)) {
            return "label " + Mode.ENFORCE.namespaceLabel() + "=" + ready.label();
        }
        if (ready == Level.EXPLICIT) {
            return "nothing: it enforces all there is";
        }
        return mend(namespace, report, JudgedSpec.LEVELS.get(ready.ordinal()));
    }

    private static String mend(NamespaceAudit namespace, AuditReport report, Level level) {
        Map<String, Set<WorkloadAudit>> waiting = new LinkedHashMap<>();
        for (WorkloadAudit workload : inNamespace(namespace, report)) {
            for (Finding finding : workload.reasons(level)) {
                waiting.computeIfAbsent(step(finding), step -> new HashSet<>()).add(workload);
            }
        }
        return waiting.entrySet().stream()
                .max(Comparator.comparingInt(entry -> entry.getValue().size()))
                .map(entry -> entry.getKey() + " (" + entry.getValue().size() + " of "
                        + (namespace.workloads() - namespace.exempt()) + " workloads, for " + level.label() + ")")
                .orElse("");
    }

    private static List<WorkloadAudit> inNamespace(NamespaceAudit namespace, AuditReport report) {
        return report.workloads().stream()
                .filter(workload -> workload.workload().key().namespace().equals(namespace.name()))
                .toList();
    }

    private static String step(Finding finding) {
        Container container = finding.container();
        return finding.check().equals("imageUser") && container != null
                ? "image " + container.image() + ": " + finding.fix()
                : finding.check() + ": " + finding.fix();
    }
}
