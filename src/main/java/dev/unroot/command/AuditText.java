package dev.unroot.command;

import dev.unroot.audit.AuditReport;
import dev.unroot.audit.ImageAudit;
import dev.unroot.audit.JudgedSpec;
import dev.unroot.audit.NamespaceAudit;
import dev.unroot.audit.State;
import dev.unroot.audit.Workload;
import dev.unroot.audit.WorkloadAudit;
import dev.unroot.common.Text;
import dev.unroot.model.Finding;
import dev.unroot.model.ImageUser;
import dev.unroot.model.Level;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** {@code audit}'s report for people: a table, and a summary that adds up to it. */
final class AuditText {
    private final PrintWriter out;
    private final Palette palette;

    AuditText(PrintWriter out, Palette palette) {
        this.out = out;
        this.palette = palette;
    }

    /** @param level that everything but the namespaces is told at */
    void print(AuditReport report, AuditView by, Level level) {
        switch (by) {
            case NAMESPACE -> printNamespaces(report);
            case IMAGE -> printImages(report, level);
            case WORKLOAD -> printWorkloads(report, level);
            case CAUSE -> printCauses(report, level);
        }
        out.println();
        out.println(palette.strong(summary(report, level)));
    }

    private void printNamespaces(AuditReport report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAMESPACE", "WORKLOADS", "NONROOT", "HARDENED", "EXPLICIT", "NEXT"));
        for (NamespaceAudit namespace : report.namespaces()) {
            List<String> row = new ArrayList<>();
            row.add(namespace.name().isEmpty() ? "-" : Text.plain(namespace.name()));
            row.add(Integer.toString(namespace.workloads()));
            JudgedSpec.LEVELS.forEach(level ->
                    row.add(namespace.count(level, State.READY) + "/" + (namespace.workloads() - namespace.exempt())));
            row.add(Text.visible(NextStep.of(namespace, report)));
            rows.add(row);
        }
        printTable(rows);
    }

    private void printImages(AuditReport report, Level level) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("WORKLOADS", "VERDICT", "USER", "UID", "IMAGE"));
        for (ImageAudit image : report.images(level)) {
            ImageUser user = image.user();
            Long uid = user == null ? null : user.uid();
            rows.add(List.of(
                    Integer.toString(image.workloads()),
                    image.verdict().label(),
                    user == null || user.raw().isEmpty() ? "-" : Text.plain(user.raw()),
                    uid == null ? "-" : uid.toString(),
                    Text.plain(image.image())));
        }
        printTable(rows);
    }

    private void printCauses(AuditReport report, Level level) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("WORKLOADS", "CAUSE"));
        report.causes(level).forEach((cause, count) -> rows.add(List.of(count.toString(), cause)));
        printTable(rows);
    }

    private void printWorkloads(AuditReport report, Level level) {
        boolean printed = false;
        for (WorkloadAudit workload : report.workloads()) {
            State state = workload.at(level);
            if (state == State.READY) {
                continue;
            }
            if (printed) {
                out.println();
            }
            printed = true;
            out.println(painted(state) + "  " + palette.strong(Text.visible(title(workload.workload())))
                    + palette.dim(" (" + replicas(workload.workload()) + ")"));
            for (Finding finding : workload.reasons(level)) {
                out.println(
                        "  " + Text.visible(finding.title() + " " + finding.clause()) + " [" + finding.check() + "]");
                out.println("    → " + Text.visible(finding.fix()) + ".");
            }
        }
    }

    private static String title(Workload workload) {
        String namespace = workload.key().namespace();
        return workload.key().kind() + " " + (namespace.isEmpty() ? "" : namespace + "/")
                + workload.key().name();
    }

    private static String replicas(Workload workload) {
        int count = workload.replicas();
        return count == 1 ? "1 pod" : count + " pods";
    }

    private String painted(State state) {
        return switch (state) {
            case DENIED -> palette.bad("denied");
            case NOT_VERIFIED -> palette.doubtful("not verified");
            case WILL_NOT_START -> palette.doubtful("will not start");
            case READY -> palette.good("ready");
        };
    }

    private void printTable(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int line = 0; line < rows.size(); line++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = rows.get(line).get(i);
                boolean last = i == columns - 1;
                text.append(cell).append(last ? "" : " ".repeat(widths[i] - cell.length() + 2));
            }
            out.println(line == 0 ? palette.dim(text.toString()) : text.toString());
        }
    }

    private static String summary(AuditReport report, Level level) {
        int[] counts = new int[State.values().length];
        int exempt = 0;
        for (WorkloadAudit workload : report.workloads()) {
            if (workload.exempt() != null) {
                exempt++;
            } else {
                counts[workload.at(level).ordinal()]++;
            }
        }
        List<String> parts = new ArrayList<>();
        parts.add("at " + level.label() + ": " + counts[State.READY.ordinal()] + " ready");
        parts.add(counts[State.DENIED.ordinal()] + " would be denied");
        parts.add(counts[State.WILL_NOT_START.ordinal()] + " will not start");
        parts.add(counts[State.NOT_VERIFIED.ordinal()] + " not verified");
        add(parts, exempt, "exempt");
        add(parts, report.finished(), report.finished() == 1 ? "pod has ended" : "pods have ended");
        add(parts, report.mirrors(), report.mirrors() == 1 ? "static pod" : "static pods");
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, int count, String what) {
        if (count > 0) {
            parts.add(count + " " + what);
        }
    }
}
